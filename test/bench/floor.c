/*
 * The floor of the trigger's latency: what no program in any language gets under with the same system calls. Waits for
 * bytes on the tty, reads them, counts frames by their last byte (03h) and writes the line, exactly as often and as much
 * as the trigger does: '1' at frame NTH of each train of COUNT frames, '0' at the first frame of the next.
 *
 * usage: floor TTY LINE NTH COUNT
 */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 5) return 1;
  int tty = open(argv[1], O_RDWR | O_NOCTTY);
  int line = open(argv[2], O_RDWR);
  int nth = atoi(argv[3]), count = atoi(argv[4]), frame = 0;
  if (tty < 0 || line < 0) return 2;
  struct pollfd wait = {.fd = tty, .events = POLLIN};
  unsigned char buffer[4096];
  for (;;) {
    if (poll(&wait, 1, -1) < 0) return 3;
    ssize_t size = read(tty, buffer, sizeof buffer);
    if (size <= 0) return 0;
    for (ssize_t at = 0; at < size; at += 1) {
      if (buffer[at] != 0x03) continue;
      frame = frame % count + 1;
      if (frame == nth && write(line, "1", 1) < 0) return 4;
      if (frame == 1 && write(line, "0", 1) < 0) return 4;
    }
  }
}
