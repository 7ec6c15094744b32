/* Faults of a disk, for a program that is started with this preloaded. What fails, how and how often is in a file that both share;
 * only files whose path begins as COURANT_FAULT_PATH says are touched. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, TRUNCATE = 4 };

struct control {
    uint32_t operations; /* which of the above */
    uint32_t error;      /* the errno they fail with */
    uint32_t skip;       /* how many go well before */
    uint32_t left;       /* how many fail; then all is well again */
    uint32_t failed;     /* how many have failed */
};

static struct control *control;
static const char *prefix;

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("COURANT_FAULT_CONTROL");
    prefix = getenv("COURANT_FAULT_PATH");
    if (!file || !prefix)
        return;
    int fd = open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map != MAP_FAILED)
        control = map;
}

static int fails(int fd, uint32_t operation)
{
    char link[64], path[4096];
    if (!control || !(__atomic_load_n(&control->operations, __ATOMIC_SEQ_CST) & operation))
        return 0;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length <= 0)
        return 0;
    path[length] = 0;
    if (strncmp(path, prefix, strlen(prefix)))
        return 0;
    for (uint32_t skip = __atomic_load_n(&control->skip, __ATOMIC_SEQ_CST); skip > 0;)
        if (__atomic_compare_exchange_n(&control->skip, &skip, skip - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return 0;
    for (uint32_t left = __atomic_load_n(&control->left, __ATOMIC_SEQ_CST); left > 0;)
        if (__atomic_compare_exchange_n(&control->left, &left, left - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
            __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
            errno = (int)control->error;
            return 1;
        }
    return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) { return fails(fd, WRITE) ? -1 : REAL(write)(fd, bytes, count); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    return fails(fd, WRITE) ? -1 : REAL(pwrite)(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    return fails(fd, WRITE) ? -1 : REAL(pwrite64)(fd, bytes, count, at);
}
int fsync(int fd) { return fails(fd, SYNC) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(fd, SYNC) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t length) { return fails(fd, TRUNCATE) ? -1 : REAL(ftruncate)(fd, length); }
int ftruncate64(int fd, off64_t length) { return fails(fd, TRUNCATE) ? -1 : REAL(ftruncate64)(fd, length); }
