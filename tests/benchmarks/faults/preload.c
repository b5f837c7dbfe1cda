/* A library to preload: it makes one call on a file in one folder, or on a socket, fail, or kills the process there.
 *
 * FAULT_FOLDER is the folder. fault_arm(number, action, sockets) says which call counts: the number-th open for writing,
 * write, sync, rename, link or deletion of a file in it; with sockets, the number-th connect, send or recv by TCP instead.
 * Actions: 0 only count; -1 die before the call; -2 die after it; -3 do half of a write and die; -4 the other side has
 * hung up; any other is the errno with which the call fails. fault_count() is the number of calls.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static long wanted, count;
static int action, armed;
enum { FILES = 1, SOCKETS };

void fault_arm(long number, int what, int sockets) {
    wanted = number; action = what; count = 0; armed = sockets ? SOCKETS : FILES;
}
long fault_count(void) { return count; }

static int watched(const char *path) {
    const char *folder = getenv("FAULT_FOLDER");
    char whole[PATH_MAX * 2];
    if (armed != FILES || !folder || !path) return 0;
    if (path[0] != '/') {
        if (!getcwd(whole, PATH_MAX)) return 0;
        strncat(whole, "/", 2);
        strncat(whole, path, PATH_MAX - 2);
        path = whole;
    }
    return strncmp(path, folder, strlen(folder)) == 0;
}

static int watched_fd(int fd) {
    char link[64], path[PATH_MAX];
    if (armed != FILES) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return watched(path);
}

static int watched_socket(int fd) {
    int type = 0, family = 0;
    socklen_t size = sizeof type;
    if (armed != SOCKETS || getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) || type != SOCK_STREAM) return 0;
    size = sizeof family;
    return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) && (family == AF_INET || family == AF_INET6);
}

static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

/* 0: go on; 1: the call fails; 2: die after it; 3: do half of it, then die. */
static int fault(void) {
    if (++count != wanted || action == 0) return 0;
    if (action == -1) die();
    if (action == -2) return 2;
    if (action == -3) return 3;
    errno = action == -4 ? ECONNRESET : action;
    return 1;
}

#define REAL(name, type) static __typeof__(type) real; if (!real) real = (__typeof__(type))dlsym(RTLD_NEXT, name)
#define AROUND(is_watched, call) \
    int found = (is_watched) ? fault() : 0; \
    if (found == 1) return -1; \
    if (found == 3) found = 2; \
    int saved; \
    __typeof__(call) result = call; \
    saved = errno; \
    if (found == 2) die(); \
    errno = saved; \
    return result

#define OPEN(name) \
int name(const char *path, int flags, ...) { \
    REAL(#name, int (*)(const char *, int, ...)); \
    va_list list; va_start(list, flags); mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(list, mode_t) : 0; va_end(list); \
    AROUND((flags & (O_WRONLY | O_RDWR | O_CREAT)) && watched(path), real(path, flags, mode)); \
}
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *data, size_t size) {
    REAL("write", ssize_t (*)(int, const void *, size_t));
    int found = watched_fd(fd) ? fault() : 0;
    if (found == 1) return -1;
    if (found == 3) { real(fd, data, size / 2); die(); }
    ssize_t done = real(fd, data, size);
    if (found == 2) die();
    return done;
}

#define PWRITE(name, off) \
ssize_t name(int fd, const void *data, size_t size, off at) { \
    REAL(#name, ssize_t (*)(int, const void *, size_t, off)); \
    int found = watched_fd(fd) ? fault() : 0; \
    if (found == 1) return -1; \
    if (found == 3) { real(fd, data, size / 2, at); die(); } \
    ssize_t done = real(fd, data, size, at); \
    if (found == 2) die(); \
    return done; \
}
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int fsync(int fd) { REAL("fsync", int (*)(int)); AROUND(watched_fd(fd), real(fd)); }
int fdatasync(int fd) { REAL("fdatasync", int (*)(int)); AROUND(watched_fd(fd), real(fd)); }
int rename(const char *from, const char *to) {
    REAL("rename", int (*)(const char *, const char *));
    AROUND(watched(to), real(from, to));
}
int renameat2(int one, const char *from, int other, const char *to, unsigned flags) {
    REAL("renameat2", int (*)(int, const char *, int, const char *, unsigned));
    AROUND(watched(to), real(one, from, other, to, flags));
}
int link(const char *from, const char *to) {
    REAL("link", int (*)(const char *, const char *));
    AROUND(watched(to), real(from, to));
}
int linkat(int one, const char *from, int other, const char *to, int flags) {
    REAL("linkat", int (*)(int, const char *, int, const char *, int));
    AROUND(watched(to), real(one, from, other, to, flags));
}
int unlink(const char *path) { REAL("unlink", int (*)(const char *)); AROUND(watched(path), real(path)); }

int connect(int fd, const struct sockaddr *to, socklen_t size) {
    REAL("connect", int (*)(int, const struct sockaddr *, socklen_t));
    AROUND(watched_socket(fd), real(fd, to, size));
}
ssize_t send(int fd, const void *data, size_t size, int flags) {
    REAL("send", ssize_t (*)(int, const void *, size_t, int));
    int found = watched_socket(fd) ? fault() : 0;
    if (found == 1) return -1;
    if (found == 3) { real(fd, data, size / 2, flags); die(); }
    ssize_t done = real(fd, data, size, flags);
    if (found == 2) die();
    return done;
}
ssize_t recv(int fd, void *data, size_t size, int flags) {
    REAL("recv", ssize_t (*)(int, void *, size_t, int));
    int found = watched_socket(fd) ? fault() : 0;
    if (found == 1) return action == -4 ? 0 : -1;
    ssize_t done = real(fd, data, size, flags);
    if (found) die();
    return done;
}
