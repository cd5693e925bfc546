"""Numbers of system calls, by machine: what a child that decodes has no business with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Calls:
    """architecture: as seccomp names it; refused: outright; unknown: as if the kernel had them not; opens: (number,
    place of its flags) of what opens files, which may be to read alone; clone: which may make threads alone; tgkill:
    which may reach this process alone; prlimit: which may ask alone."""

    architecture: int
    refused: tuple[int, ...]
    unknown: tuple[int, ...]
    opens: tuple[tuple[int, int], ...]
    clone: int
    tgkill: int
    prlimit: int


# Name and number: of x86_64 (arch/x86/entry/syscalls/syscall_64.tbl), then of aarch64 (the generic table).
_X86_64 = """
    socket 41 connect 42 accept 43 bind 49 listen 50 socketpair 53 accept4 288
    fork 57 vfork 58 execve 59 execveat 322
    kill 62 rt_sigqueueinfo 129 tkill 200 rt_tgsigqueueinfo 297 pidfd_send_signal 424 pidfd_open 434 pidfd_getfd 438
    ptrace 101 process_vm_readv 310 process_vm_writev 311 setpriority 141 setrlimit 160 io_uring_setup 425
    truncate 76 ftruncate 77 rename 82 mkdir 83 rmdir 84 creat 85 link 86 unlink 87 symlink 88 chmod 90 fchmod 91
    chown 92 fchown 93 lchown 94 utime 132 mknod 133 setxattr 188 lsetxattr 189 fsetxattr 190 utimes 235 mkdirat 258
    mknodat 259 fchownat 260 futimesat 261 unlinkat 263 renameat 264 linkat 265 symlinkat 266 fchmodat 268
    utimensat 280 renameat2 316 memfd_create 319 fchmodat2 452
    shmget 29 semget 64 msgget 68 mq_open 240
    syslog 103 pivot_root 155 adjtimex 159 chroot 161 acct 163 settimeofday 164 mount 165 umount2 166 swapon 167
    swapoff 168 reboot 169 sethostname 170 setdomainname 171 iopl 172 ioperm 173 init_module 175 delete_module 176
    quotactl 179 clock_settime 227 kexec_load 246 add_key 248 request_key 249 keyctl 250 unshare 272
    perf_event_open 298 fanotify_init 300 clock_adjtime 305 setns 308 finit_module 313 bpf 321 userfaultfd 323
"""
_AARCH64 = """
    socket 198 socketpair 199 bind 200 listen 201 accept 202 connect 203 accept4 242
    execve 221 execveat 281
    kill 129 tkill 130 rt_sigqueueinfo 138 rt_tgsigqueueinfo 240 pidfd_send_signal 424 pidfd_open 434 pidfd_getfd 438
    ptrace 117 process_vm_readv 270 process_vm_writev 271 setpriority 140 setrlimit 164 io_uring_setup 425
    setxattr 5 lsetxattr 6 fsetxattr 7 mknodat 33 mkdirat 34 unlinkat 35 symlinkat 36 linkat 37 renameat 38
    truncate 45 ftruncate 46 fchmod 52 fchmodat 53 fchownat 54 fchown 55 utimensat 88 renameat2 276 memfd_create 279
    fchmodat2 452
    mq_open 180 msgget 186 semget 190 shmget 194
    umount2 39 mount 40 pivot_root 41 chroot 51 quotactl 60 acct 89 unshare 97 kexec_load 104 init_module 105
    delete_module 106 clock_settime 112 syslog 116 reboot 142 sethostname 161 setdomainname 162 settimeofday 170
    adjtimex 171 add_key 217 request_key 218 keyctl 219 swapon 224 swapoff 225 perf_event_open 241 fanotify_init 262
    clock_adjtime 266 setns 268 finit_module 273 bpf 280 userfaultfd 282
"""
_UNKNOWN = (435, 437)  # clone3, openat2: their arguments lie in memory, where no filter looks


def _numbers(table: str) -> tuple[int, ...]:
    return tuple(int(word) for word in table.split()[1::2])


TABLES = {
    "x86_64": Calls(0xC000003E, _numbers(_X86_64), _UNKNOWN, ((2, 1), (257, 2)), 56, 234, 302),
    "aarch64": Calls(0xC00000B7, _numbers(_AARCH64), _UNKNOWN, ((56, 2),), 220, 131, 261),
}
