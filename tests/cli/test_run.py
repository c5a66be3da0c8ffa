"""The runner of command-line cases sees what it should: each fault below must be told from the rest."""
import tempfile
from pathlib import Path

import run


def outcome(folder, **files):
    case = Path(tempfile.mkdtemp(dir=folder))
    for name, text in files.items():
        (case / name).write_text(text, encoding="utf-8")
    status, out, err = run.run(Path(folder), case)
    return len(list(run.differences(case, status, out, err)))


with tempfile.TemporaryDirectory() as folder:
    assert outcome(folder, command="echo año", expected="año\n") == 0
    assert outcome(folder, command="echo uno", expected="dos\n") == 1
    assert outcome(folder, command="echo uno") == 1
    assert outcome(folder, command="exit 3") == 1
    assert outcome(folder, command="exit 3", status="3\n") == 0
    assert outcome(folder, command="kill -9 $$", status="1\n") == 1
    assert outcome(folder, command="echo x >&2") == 1
    assert outcome(folder, command="echo one two >&2", stderr="one\ntwo\n") == 0
    assert outcome(folder, command="echo one two >&2", stderr="two\none\n") == 1
    assert outcome(folder, command="pwd; echo '\"took_ms\":1.8'", expected='$TMP\n"took_ms":#\n') == 0
    assert outcome(folder, command="echo 12 documents in 0.3 s", expected="12 documents in # s\n") == 0
    assert outcome(folder, command="echo 13 documents in 0.3 s", expected="12 documents in # s\n") == 1
print("passed")
