#!/bin/sh
# A program's list of libraries stays short, since each costs every start:  libraries.sh PROGRAM NAME…
# NAME is a library without ".so" and its version. The linker's and the sanitizers' own are not counted.
program=$1
shift
[ -x "$program" ] || { echo "skipped: $program is not built"; exit 77; }
libraries=$(ldd "$program" | sed -n 's/^[[:space:]]*\([^ ]*\)\.so.*/\1/p') || exit 1
[ -n "$libraries" ] || { echo "ldd names no library of $program"; exit 1; }
status=0
for library in $libraries; do
    case " $* " in
    *" $library "*) continue ;;
    esac
    case $library in
    linux-vdso | */ld-linux* | ld-linux* | libc | libm | libgcc_s | libpthread | libdl | librt | libasan | libubsan | libtsan | libclang_rt*) ;;
    *)
        echo "$program now needs $library"
        status=1
        ;;
    esac
done
exit $status
