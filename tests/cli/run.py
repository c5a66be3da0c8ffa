"""Runs one command-line case through the real binaries, or several:

    tests/cli/run.py BUILD CASE…        CASE is a folder, BUILD where bin/indexer is
    tests/cli/run.py --write BUILD CASE…  writes `expected` anew: read the difference before you commit it

A case is a folder with
    command    a bash script, run in an empty folder of its own
    expected   its standard output, exactly (absent: none)
    stderr     a regular expression a line, each found in standard error in this order (absent: nothing
               may be there)
    status     the exit status (absent: 0)
What changes from run to run (times, places, identifiers) is replaced on both sides as VOLATILE says.
A command that ends with 77 after writing "skipped: why" skips the case.

The command sees BUILD/bin and tests/cli/tools on its PATH, $CORPUS (the documents of this project),
$CASE (its own folder), $HOME (empty); no variable of legajo; messages in English; 80 columns.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
TIMEOUT = 120

VOLATILE = [
    (r'("took_ms":)\s*[\d.]+', r"\1#"),
    (r'("revision":)\s*\d+', r"\1#"),
    (r'("(?:updated|started|finished)":)\s*"[^"]*"', r'\1"#"'),
    (r'("(?:seconds|bytes_on_disk|ctime|mtime)":)\s*[\d.]+', r"\1#"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"\b\d+([.,]\d+)? (ms|s|seconds?|segundos?)\b", r"# \2"),
    (r"\b[\d.]+ [KMG]i?B/s\b", "# MB/s"),
    (r"\b(process|proceso) \d+ (on|en) \S+ (since|desde) [^)\s]+", r"\1 # \2 HOST \3 TIME"),
    (r"\b(process|proceso) \d+", r"\1 #"),
]


def settle(text, folder):
    text = text.replace(str(folder), "$TMP").replace(str(SOURCE), "$SOURCE")
    for pattern, replacement in VOLATILE:
        text = re.sub(pattern, replacement, text)
    return text


def environment(build, case, folder):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("LEGAJO", "XDG_", "LC_", "LANG", "NO_COLOR", "LS_COLORS"))}
    for name in ("LEGAJO_DATA", "LEGAJO_CORPORA"):  # cases on real collections skip without
        if name in os.environ:
            kept[name] = os.environ[name]
    home = folder / "home"
    home.mkdir()
    kept.update(PATH=f"{build / 'bin'}:{HERE / 'tools'}:{os.environ['PATH']}", HOME=str(home), LC_ALL="C.UTF-8",
                TZ="UTC", COLUMNS="80", TERM="dumb", CORPUS=str(SOURCE / "corpus"), CASE=str(case),
                TMPDIR=str(folder))
    return kept


def run(build, case):
    """(status, stdout, stderr) of a case's command, settled."""
    with tempfile.TemporaryDirectory(prefix="legajo-cli-") as place:
        folder = Path(place).resolve()
        work = folder / "work"
        work.mkdir()
        process = subprocess.Popen(["bash", str(case / "command")], cwd=work, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                                   env=environment(build, case, folder))
        try:
            out, err = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None, "", f"took longer than {TIMEOUT} s"
        subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False)
        return (process.returncode, settle(out.decode("utf-8", "backslashreplace"), work),
                settle(err.decode("utf-8", "backslashreplace"), work))


def text_of(path):
    """Of a file that may be absent, its line ends as they are (CSV ends its lines with CR LF)."""
    return path.read_bytes().decode("utf-8") if path.exists() else ""


def differences(case, status, out, err):
    wanted = int(text_of(case / "status") or 0)
    if status != wanted:
        yield f"exit status {status}, expected {wanted}"
    expected = text_of(case / "expected")
    if out != expected:
        with tempfile.NamedTemporaryFile(suffix=".stdout") as got:
            got.write(out.encode("utf-8"))
            got.flush()
            diff = subprocess.run(["diff", "-u", "--label", "expected", "--label", "printed",
                                   str(case / "expected") if expected else "/dev/null", got.name],
                                  capture_output=True)
            yield diff.stdout.decode("utf-8").replace("\r", "<CR>")
    if not (case / "stderr").exists():
        if err:
            yield "standard error should be empty"
        return
    rest = err
    for pattern in text_of(case / "stderr").splitlines():
        found = re.search(pattern, rest)
        if not found:
            yield f"standard error lacks (in this order): {pattern}"
            return
        rest = rest[found.end():]


def main(arguments):
    write = arguments[:1] == ["--write"]
    build, *cases = [Path(argument).resolve() for argument in arguments[write:]]
    worst = 0
    for case in cases:
        status, out, err = run(build, case)
        if status == 77 and "skipped: " in err:
            print(f"{case.name}: {err[err.index('skipped: '):].strip()}")
            worst = max(worst, 77) if worst != 1 else 1
            continue
        if write:
            (case / "expected").write_bytes(out.encode("utf-8"))
        wrong = list(differences(case, status, out, err))
        print(f"{case.name}: {'failed' if wrong else 'passed'}")
        if wrong:
            worst = 1
            print(*wrong, "--- standard error:", err, sep="\n")
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
