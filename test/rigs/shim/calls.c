/*
 * Stands between one process and the file calls of libc, for paths below one folder: counts them, makes the n-th fail or
 * come up short, and writes down what succeeded. Loaded with LD_PRELOAD; steered through a shared page that the process
 * itself maps by writing to a file (test/rigs/call-shim.ts holds the same offsets), so that one process can run many sessions.
 *
 * Calls on watched files are made one at a time, so that the order of the trace is the order in which they took effect.
 * Reads, stat, locks and close are not counted: they change nothing that a disk keeps. Memory maps are not seen; the
 * only one is SQLite's -shm file, which means nothing after a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MODE_NONE = 0, MODE_ERROR = 1, MODE_SHORT = 2 };
enum { OP_OPEN = 1, OP_WRITE, OP_SYNC, OP_TRUNCATE, OP_RENAME, OP_UNLINK, OP_MKDIR, OP_RMDIR, OP_LINK, OP_CLOSE };
enum { MOST_FILES = 4096, PATH_BYTES = 1024 };

struct control {
  uint32_t mode;        /*  0 */
  uint32_t error;       /*  4 */
  uint32_t fail_at;     /*  8: first call that fails, from 1 */
  uint32_t fail_count;  /* 12 */
  uint32_t camera;      /* 16: what the main thread does now is not made to fail */
  uint32_t calls;       /* 20: counted so far */
  uint32_t failed;      /* 24: made to fail so far */
  uint32_t traced;      /* 28: calls in the trace */
  char failed_call[224];/* 32: the first that failed */
  char folder[256];     /* 256: what is watched; empty: nothing */
};

struct frame {
  uint32_t op;
  int32_t file;
  uint32_t flags;
  uint32_t path_bytes;
  uint32_t second_bytes;
  uint32_t data_bytes;
  uint64_t offset;
};

static struct control nothing;
static struct control *control = &nothing;
static int trace_file = -1;
static char *paths[MOST_FILES];
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int real_close(int file) { return (int)syscall(SYS_close, file); }
static ssize_t real_write(int file, const void *data, size_t bytes) { return syscall(SYS_write, file, data, bytes); }

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("KERBSIDE_CALLS_CONTROL");
  const char *trace = getenv("KERBSIDE_CALLS_TRACE");
  if (path != NULL) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (file >= 0) {
      void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
      if (page != MAP_FAILED) control = page;
      real_close(file);
    }
  }
  if (trace != NULL) trace_file = (int)syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int watched(const char *path) {
  size_t length = strlen(control->folder);
  return length > 0 && path != NULL && strncmp(path, control->folder, length) == 0 &&
         (path[length] == '/' || path[length] == '\0');
}

static const char *path_of(int file) { return file >= 0 && file < MOST_FILES ? paths[file] : NULL; }

/* Is this call the one that fails? Counts it. `whole` is what a write was to write, 0 for other calls. */
static int fails(const char *name, const char *path, size_t whole) {
  if (control->mode == MODE_SHORT && whole < 2) return 0;
  if (control->camera && syscall(SYS_gettid) == getpid()) return 0;
  uint32_t at = ++control->calls;
  if (control->mode == MODE_NONE || at < control->fail_at || at >= control->fail_at + control->fail_count) return 0;
  if (control->failed++ == 0) snprintf(control->failed_call, sizeof control->failed_call, "%s %s", name, path);
  return 1;
}

static void trace(uint32_t op, int file, uint32_t flags, uint64_t offset, const char *path, const char *second,
                  const struct iovec *parts, int count, size_t bytes) {
  if (trace_file < 0) return;
  int saved = errno;
  struct frame head = {op, file, flags, path == NULL ? 0 : (uint32_t)strlen(path), second == NULL ? 0 : (uint32_t)strlen(second),
                       (uint32_t)bytes, offset};
  size_t length = sizeof head + head.path_bytes + head.second_bytes + bytes;
  char *whole = malloc(length);
  char *at = whole;
  memcpy(at, &head, sizeof head);
  at += sizeof head;
  if (path != NULL) memcpy(at, path, head.path_bytes);
  at += head.path_bytes;
  if (second != NULL) memcpy(at, second, head.second_bytes);
  at += head.second_bytes;
  for (int part = 0; part < count && bytes > 0; part++) {
    size_t some = parts[part].iov_len < bytes ? parts[part].iov_len : bytes;
    memcpy(at, parts[part].iov_base, some);
    at += some;
    bytes -= some;
  }
  if (real_write(trace_file, whole, length) != (ssize_t)length) abort();
  free(whole);
  control->traced++;
  errno = saved;
}

/* Every watched call: fail it, or make it, and write down that it succeeded. */
#define GUARDED(name, path, real_call, written) \
  do { \
    pthread_mutex_lock(&one_at_a_time); \
    if (fails(name, path, 0) && control->mode == MODE_ERROR) { \
      errno = (int)control->error; \
      result = -1; \
    } else { \
      result = (real_call); \
      if (result >= 0) { written; } \
    } \
    int saved_ = errno; \
    pthread_mutex_unlock(&one_at_a_time); \
    errno = saved_; \
  } while (0)

static void remember(int file, const char *path) {
  if (file < 0 || file >= MOST_FILES) return;
  free(paths[file]);
  paths[file] = strdup(path);
}

static int open_watched(const char *path, int flags, mode_t mode) {
  int result;
  GUARDED("open", path, (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode),
          remember(result, path); trace(OP_OPEN, result, (uint32_t)flags, 0, path, NULL, NULL, 0, 0));
  return result;
}

#define MODE_OF(flags, mode) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    MODE_OF(flags, mode) \
    if (watched(path)) return open_watched(path, flags, mode); \
    REAL(name); \
    return real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    MODE_OF(flags, mode) \
    if (watched(path)) return open_watched(path, flags, mode); \
    REAL(name); \
    return real(folder, path, flags, mode); \
  }
OPENAT(openat)
OPENAT(openat64)

#define CREAT(name) \
  int name(const char *path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
CREAT(creat)
CREAT(creat64)

/* offset -1: where the file stands */
static ssize_t write_watched(const char *name, int file, const struct iovec *parts, int count, off64_t offset) {
  size_t bytes = 0;
  ssize_t result;
  for (int part = 0; part < count; part++) bytes += parts[part].iov_len;
  pthread_mutex_lock(&one_at_a_time);
  int failing = fails(name, paths[file], bytes);
  if (failing && control->mode == MODE_ERROR) {
    errno = (int)control->error;
    result = -1;
  } else {
    struct iovec half = {parts[0].iov_base, parts[0].iov_len > 1 ? parts[0].iov_len / 2 : parts[0].iov_len};
    const struct iovec *given = failing ? &half : parts;
    int some = failing ? 1 : count;
    off64_t at = offset;
    if (at < 0) {
      struct stat state;
      int append = (fcntl(file, F_GETFL) & O_APPEND) != 0;
      at = append && fstat(file, &state) == 0 ? state.st_size : lseek64(file, 0, SEEK_CUR);
    }
    result = offset < 0 ? syscall(SYS_writev, file, given, some)
                        : syscall(SYS_pwritev, file, given, some, (long)offset, (long)((uint64_t)offset >> 32));
    if (result > 0) trace(OP_WRITE, file, 0, (uint64_t)at, paths[file], NULL, given, some, (size_t)result);
  }
  int saved = errno;
  pthread_mutex_unlock(&one_at_a_time);
  errno = saved;
  return result;
}

ssize_t write(int file, const void *data, size_t bytes) {
  struct iovec part = {(void *)data, bytes};
  return path_of(file) == NULL ? real_write(file, data, bytes) : write_watched("write", file, &part, 1, -1);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  return path_of(file) == NULL ? syscall(SYS_writev, file, parts, count) : write_watched("writev", file, parts, count, -1);
}

#define PWRITE(name, offset_type) \
  ssize_t name(int file, const void *data, size_t bytes, offset_type offset) { \
    struct iovec part = {(void *)data, bytes}; \
    if (path_of(file) == NULL) return syscall(SYS_pwrite64, file, data, bytes, offset); \
    return write_watched("pwrite", file, &part, 1, offset); \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset_type) \
  ssize_t name(int file, const struct iovec *parts, int count, offset_type offset) { \
    if (path_of(file) != NULL) return write_watched("pwritev", file, parts, count, offset); \
    return syscall(SYS_pwritev, file, parts, count, (long)offset, (long)((uint64_t)offset >> 32)); \
  }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

#define SYNC(name) \
  int name(int file) { \
    int result; \
    if (path_of(file) == NULL) return (int)syscall(SYS_##name, file); \
    GUARDED(#name, paths[file], (int)syscall(SYS_##name, file), \
            trace(OP_SYNC, file, 0, 0, paths[file], NULL, NULL, 0, 0)); \
    return result; \
  }
SYNC(fsync)
SYNC(fdatasync)

#define FTRUNCATE(name, size_type) \
  int name(int file, size_type bytes) { \
    int result; \
    if (path_of(file) == NULL) return (int)syscall(SYS_ftruncate, file, bytes); \
    GUARDED("ftruncate", paths[file], (int)syscall(SYS_ftruncate, file, bytes), \
            trace(OP_TRUNCATE, file, 0, (uint64_t)bytes, paths[file], NULL, NULL, 0, 0)); \
    return result; \
  }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

/* Reserving space is what SQLite may do and can do without; the model knows no reserved space. */
#define FALLOCATE(name, size_type) \
  int name(int file, int mode, size_type offset, size_type bytes) { \
    if (path_of(file) == NULL) return (int)syscall(SYS_fallocate, file, mode, offset, bytes); \
    errno = EOPNOTSUPP; \
    return -1; \
  }
FALLOCATE(fallocate, off_t)
FALLOCATE(fallocate64, off64_t)

/* Copying within the kernel hides the data: whoever tries it falls back to reading and writing. */
#define SENDFILE(name, offset_type) \
  ssize_t name(int to, int from, offset_type *offset, size_t bytes) { \
    if (path_of(to) == NULL) return syscall(SYS_sendfile, to, from, offset, bytes); \
    errno = EINVAL; \
    return -1; \
  }
SENDFILE(sendfile, off_t)
SENDFILE(sendfile64, off64_t)

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t bytes, unsigned int flags) {
  if (path_of(to) == NULL) return syscall(SYS_copy_file_range, from, from_at, to, to_at, bytes, flags);
  errno = EXDEV;
  return -1;
}

static int rename_watched(const char *from, const char *to) {
  int result;
  GUARDED("rename", to, (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0),
          trace(OP_RENAME, -1, 0, 0, from, to, NULL, 0, 0));
  return result;
}

int rename(const char *from, const char *to) {
  if (watched(from) || watched(to)) return rename_watched(from, to);
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  if (watched(from) || watched(to)) return rename_watched(from, to);
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

static int unlink_watched(const char *path, int flags) {
  int result;
  GUARDED(flags == 0 ? "unlink" : "rmdir", path, (int)syscall(SYS_unlinkat, AT_FDCWD, path, flags),
          trace(flags == 0 ? OP_UNLINK : OP_RMDIR, -1, 0, 0, path, NULL, NULL, 0, 0));
  return result;
}

int unlinkat(int folder, const char *path, int flags) {
  return watched(path) ? unlink_watched(path, flags) : (int)syscall(SYS_unlinkat, folder, path, flags);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
  int result;
  if (!watched(path)) return (int)syscall(SYS_mkdirat, folder, path, mode);
  GUARDED("mkdir", path, (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode), trace(OP_MKDIR, -1, 0, 0, path, NULL, NULL, 0, 0));
  return result;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  int result;
  if (!watched(to)) return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  GUARDED("link", to, (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, flags),
          trace(OP_LINK, -1, 0, 0, from, to, NULL, 0, 0));
  return result;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int close(int file) {
  if (path_of(file) != NULL) {
    pthread_mutex_lock(&one_at_a_time);
    trace(OP_CLOSE, file, 0, 0, paths[file], NULL, NULL, 0, 0);
    free(paths[file]);
    paths[file] = NULL;
    pthread_mutex_unlock(&one_at_a_time);
  }
  return real_close(file);
}
