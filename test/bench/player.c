/*
 * Plays trains of frames to a reader and times its answer: from just before the write of a frame to the '1' on the line.
 * The deciding frame is the one that is answered. Both readers are timed by this one program, so that its own delays are
 * in both figures.
 *
 * usage: player MASTER_FD... LINE_FD, commands on stdin, one a line: WHICH GAP_US HEX HEX ...
 * answer on stdout: INDEX NANOSECONDS of the answered frame (1 is the first), or 0 0
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

/* 1 when the line rose before `until`; `at` says when. */
static int rises(int line, long long until, long long *at) {
  for (;;) {
    long long left = until - now_ns();
    if (left <= 0) return 0;
    struct timespec timeout = {left / 1000000000LL, left % 1000000000LL};
    struct pollfd wait = {.fd = line, .events = POLLIN};
    if (ppoll(&wait, 1, &timeout, NULL) <= 0) return 0;
    *at = now_ns();
    char levels[64];
    ssize_t size = read(line, levels, sizeof levels);
    if (size > 0 && memchr(levels, '1', (size_t)size) != NULL) return 1;
  }
}

static size_t unhex(const char *text, unsigned char *bytes) {
  size_t size = 0;
  for (unsigned value; sscanf(text, "%2x", &value) == 1; text += 2) bytes[size++] = (unsigned char)value;
  return size;
}

int main(int argc, char **argv) {
  if (argc < 3) return 1;
  int line = atoi(argv[argc - 1]);
  static char command[65536];
  while (fgets(command, sizeof command, stdin) != NULL) {
    int master = atoi(argv[1 + atoi(strtok(command, " "))]);
    long long gap = atoll(strtok(NULL, " ")) * 1000LL;
    long long next = now_ns(), answered = 0;
    int index = 0, deciding = 0;
    for (char *hex = strtok(NULL, " \n"); hex != NULL; hex = strtok(NULL, " \n")) {
      unsigned char frame[512];
      size_t size = unhex(hex, frame);
      long long risen = 0, start = now_ns();
      if (write(master, frame, size) != (ssize_t)size) return 2;
      index += 1;
      next += gap;
      if (rises(line, next, &risen) && deciding == 0) {
        deciding = index;
        answered = risen - start;
      }
      long long left = next - now_ns();
      if (left > 0) usleep((useconds_t)(left / 1000));
    }
    printf("%d %lld\n", deciding, answered);
    fflush(stdout);
  }
  return 0;
}
