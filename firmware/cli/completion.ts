/**
 * Completion scripts for bash and zsh, written out of the command table itself: a command or an option that is added there
 * is completed without another line here. The scripts hold everything; nothing is started while somebody types.
 */
import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

interface Offer {
  readonly word: string;
  readonly description: string;
}

/** What may stand at one place of the command line. */
interface Place {
  /** The commands before it, with spaces between; '' for the first. */
  readonly path: string;
  readonly offers: readonly Offer[];
}

export interface CompletionTable {
  readonly places: readonly Place[];
  /** Options that a value follows: it is no command, and files are offered for it. */
  readonly valued: readonly string[];
}

const offerOf = ({ long, description }: Option): Offer => ({ word: long ?? '', description });
const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** @param program with all its commands */
export function completionTable(program: Command): CompletionTable {
  const places: Place[] = [];
  const valued = new Set<string>();
  const visit = (command: Command, path: string, inherited: readonly Offer[]): void => {
    const own = command.options.map(offerOf).filter(({ word }) => word !== '');
    for (const option of command.options) if (takesValue(option) && option.long) valued.add(option.long);
    const options = [...own, ...inherited];
    const verbs = command.commands.map((each) => ({ word: each.name(), description: each.description() }));
    places.push({ path, offers: [...verbs, ...options, { word: '--help', description: 'how it is used' }] });
    for (const each of command.commands) visit(each, `${path} ${each.name()}`.trim(), options);
  };
  visit(program, '', []);
  return { places, valued: [...valued].sort() };
}

export const completionScript = (table: CompletionTable, shell: Shell): string =>
  shell === 'bash' ? bashScript(table) : zshScript(table);

/** In single quotes nothing means anything but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Both shells walk the words before the cursor the same way: options and their values are left aside, and a word that
 * carries on a known path is part of it.
 */
const walk = (words: string, first: string, last: string, known: string): string => `
  local path='' word skip='' at
  for ((at = ${first}; at < ${last}; at += 1)); do
    word="${words}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      VALUED) skip=yes ;;
      -*) ;;
      *) case "\${path:+$path }$word" in ${known}) path="\${path:+$path }$word" ;; esac ;;
    esac
  done`;

const pathsOf = ({ places }: CompletionTable): string =>
  places.flatMap(({ path }) => (path === '' ? [] : [quoted(path)])).join('|');

const walkOf = (table: CompletionTable, words: string, first: string, last: string): string =>
  walk(words, first, last, pathsOf(table)).replace('VALUED', table.valued.join('|'));

function bashScript(table: CompletionTable): string {
  const cases = table.places.map(
    ({ path, offers }) => `    ${quoted(path)}) offers=${quoted(offers.map(({ word }) => word).join(' '))} ;;`,
  );
  return `# Completion of kerbside for bash. Made by: kerbside completion bash
_kerbside() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" offers=''
  COMPREPLY=()
  # After an option that a value follows, bash offers files by itself.
  case "$before" in ${table.valued.join('|')}) return ;; esac${walkOf(table, '${COMP_WORDS[at]}', '1', 'COMP_CWORD')}
  case "$path" in
${cases.join('\n')}
  esac
  # Options are offered to whoever begins one: a list of all of them hides the commands.
  local offer
  for offer in $offers; do
    [[ $current != -* && $offer == -* ]] && continue
    [[ $offer == "$current"* ]] && COMPREPLY+=("$offer")
  done
}
complete -o default -F _kerbside kerbside
`;
}

/** A colon parts word and description. */
const described = ({ word, description }: Offer): string => quoted(`${word.replaceAll(':', '\\:')}:${description}`);

function zshScript(table: CompletionTable): string {
  const cases = table.places.map(({ path, offers }) => {
    const [commands, options] = [
      offers.filter(({ word }) => !word.startsWith('-')),
      offers.filter(({ word }) => word.startsWith('-')),
    ];
    return [
      `    ${quoted(path)})`,
      `      commands=(${commands.map(described).join(' ')})`,
      `      options=(${options.map(described).join(' ')}) ;;`,
    ].join('\n');
  });
  return `#compdef kerbside
# Completion of kerbside for zsh. Made by: kerbside completion zsh
_kerbside() {
  local -a commands options
  case "\${words[CURRENT - 1]}" in ${table.valued.join('|')}) _files; return ;; esac${walkOf(table, '${words[at]}', '2', 'CURRENT')}
  case "$path" in
${cases.join('\n')}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then _describe -o option options
  elif (( \${#commands} > 0 )); then _describe command commands
  else _files
  fi
}
# Sourced, it is registered; from a folder of $fpath, it is the completion itself.
if [[ "\${funcstack[1]}" == _kerbside ]]; then _kerbside "$@"; else compdef _kerbside kerbside; fi
`;
}
