#include "extract/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef LEGAJO_HAVE_SECCOMP
#include <seccomp.h>
#endif
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* A line of 200 MB as JSON needs a gigabyte; a page of a PDF with a hostile picture may ask for
 * any. */
#define MEMORY_CEILING ((rlim_t)4 << 30)

static void
limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit now;
    if (getrlimit(what, &now) != 0)
        return;
    now.rlim_cur = now.rlim_max = now.rlim_max < most ? now.rlim_max : most;
    setrlimit(what, &now);
}

/* No path may be written, made or removed; reading (fonts, maps of characters) stays as it is. */
static void
enter_landlock(void)
{
#ifdef LANDLOCK_ACCESS_FS_WRITE_FILE
    const struct landlock_ruleset_attr rules = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (ruleset < 0)
        return; /* a kernel without it: the filter of calls says much the same */
    syscall(SYS_landlock_restrict_self, ruleset, 0);
    close(ruleset);
#endif
}

static void
enter_seccomp(void)
{
#ifdef LEGAJO_HAVE_SECCOMP
    static const int refused[] = {
        SCMP_SYS(socket),
        SCMP_SYS(connect),
        SCMP_SYS(bind),
        SCMP_SYS(listen),
        SCMP_SYS(accept),
        SCMP_SYS(accept4),
        SCMP_SYS(execve),
        SCMP_SYS(execveat),
        SCMP_SYS(fork),
        SCMP_SYS(vfork),
        SCMP_SYS(kill),
        SCMP_SYS(tkill),
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
        SCMP_SYS(creat),
        SCMP_SYS(unlink),
        SCMP_SYS(unlinkat),
        SCMP_SYS(rename),
        SCMP_SYS(renameat),
        SCMP_SYS(renameat2),
        SCMP_SYS(mkdir),
        SCMP_SYS(mkdirat),
        SCMP_SYS(rmdir),
        SCMP_SYS(link),
        SCMP_SYS(linkat),
        SCMP_SYS(symlink),
        SCMP_SYS(symlinkat),
        SCMP_SYS(mknod),
        SCMP_SYS(mknodat),
        SCMP_SYS(truncate),
        SCMP_SYS(chmod),
        SCMP_SYS(fchmod),
        SCMP_SYS(fchmodat),
        SCMP_SYS(chown),
        SCMP_SYS(fchown),
        SCMP_SYS(lchown),
        SCMP_SYS(fchownat),
        SCMP_SYS(setxattr),
        SCMP_SYS(utimensat),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(chroot),
        SCMP_SYS(pivot_root),
        SCMP_SYS(unshare),
        SCMP_SYS(setns),
        SCMP_SYS(bpf),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(keyctl),
        SCMP_SYS(add_key),
        SCMP_SYS(request_key),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
    if (!SANITIZED) /* LeakSanitizer looks at its own process this way */
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ptrace), 0);
    /* Opening to write. openat2 passes its flags in memory, out of a filter's sight: without it
     * libraries fall back to openat. io_uring would go past any filter. */
    static const unsigned write_flags[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
    for (size_t i = 0; i < sizeof write_flags / sizeof *write_flags; i++) {
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), 1,
                         SCMP_A1(SCMP_CMP_MASKED_EQ, write_flags[i], write_flags[i]));
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
                         SCMP_A2(SCMP_CMP_MASKED_EQ, write_flags[i], write_flags[i]));
    }
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(io_uring_setup), 0);
    seccomp_load(filter);
    seccomp_release(filter);
#endif
}

void
lj_sandbox_enter(void)
{
    signal(SIGXFSZ, SIG_IGN); /* a warning of a library to a log file fails, and no more */
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 64);
    if (!SANITIZED) /* whose shadow takes terabytes of addresses */
        limit(RLIMIT_AS, MEMORY_CEILING);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, SANITIZED, 0, 0, 0);
    enter_landlock();
    enter_seccomp();
}

static int
tell(const char *what, int possible)
{
    printf("%s %s\n", what, possible ? "possible" : "refused");
    return possible;
}

int
lj_sandbox_check(void)
{
    char path[] = "/tmp/legajo-check-XXXXXX";
    char made[64], *const argv[] = {(char *)(uintptr_t) "true", NULL};
    int possible = 0, fd = socket(AF_INET, SOCK_STREAM, 0);
    possible += tell("network", fd >= 0);
    fd = mkstemp(path);
    possible += tell("writing", fd >= 0);
    snprintf(made, sizeof made, "%s.d", path);
    possible += tell("making", mkdir(made, 0700) == 0);
    possible += tell("removing", unlink(path) == 0 || errno != EPERM);
    possible += tell("signals", kill(getppid(), 0) == 0);
    fflush(stdout);
    execv("/bin/true", argv);
    possible += tell("programs", 0);
    return possible;
}
