/*
 * hung-folder FOLDER: mounts a file system over FOLDER that never answers, as NFS without its server.
 * Says "mounted"; to each line of standard input it says whether the kernel has asked anything beside
 * its greeting, "asked" or "quiet"; at the end of standard input the mount is gone. Exit status 77: this
 * machine does not let anybody mount one.
 * Source of the protocol: Linux, include/uapi/linux/fuse.h.
 */
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define NO_FUSE 77

/* Longest request that the kernel may send before it was told of a larger one. */
static unsigned char request[FUSE_MIN_READ_BUFFER + 65536];

static void answer_greeting(int device)
{
  const struct fuse_in_header *asked = (const void *)request;
  struct {
    struct fuse_out_header head;
    struct fuse_init_out body;
  } answer;
  memset(&answer, 0, sizeof answer);
  answer.head.len = sizeof answer;
  answer.head.unique = asked->unique;
  answer.body.major = FUSE_KERNEL_VERSION;
  answer.body.minor = FUSE_KERNEL_MINOR_VERSION;
  answer.body.max_write = 4096;
  if (write(device, &answer, sizeof answer) != (ssize_t)sizeof answer)
    perror("answer to the greeting");
}

int main(int argc, char **argv)
{
  int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  char options[128];
  bool asked = false;
  if (argc != 2 || device < 0) {
    perror("/dev/fuse");
    return argc == 2 ? NO_FUSE : 1;
  }
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
  if (mount("hung", argv[1], "fuse.hung", MS_NOSUID | MS_NODEV, options) != 0) {
    perror(argv[1]);
    return NO_FUSE;
  }
  for (;;) {
    struct pollfd ready[] = {{.fd = device, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    if (poll(ready, 2, -1) < 0)
      break;
    if (ready[0].revents != 0) {
      if (read(device, request, sizeof request) <= 0)
        break;
      if (((const struct fuse_in_header *)(const void *)request)->opcode == FUSE_INIT) {
        answer_greeting(device);
        puts("mounted");
        fflush(stdout);
      } else {
        asked = true;
      }
    }
    if (ready[1].revents != 0) {
      char line[64];
      if (read(0, line, sizeof line) <= 0)
        break;
      puts(asked ? "asked" : "quiet");
      fflush(stdout);
    }
  }
  umount2(argv[1], MNT_DETACH);
  return 0;
}
