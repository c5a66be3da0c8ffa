"""The units of systemd are what systemd takes, call options that the tools have, and keep their hardening.

    units.py SOURCE BUILD

systemd-analyze, where it is here, verifies every unit and rates the service (0 safe … 10 unsafe): over 2.0 fails.
"""
import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HARDENED = {
    "ProtectSystem": "strict", "PrivateNetwork": "yes", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "",
    "IOSchedulingClass": "idle", "SuccessExitStatus": "1 75 143", "KillMode": "mixed", "ProtectHome": "read-only",
}
MOST_EXPOSED = 2.0

source, build = (Path(argument).resolve() for argument in sys.argv[1:3])
folder = source / "indexer" / "units"
wrong = []


def read(path):
    unit = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str
    unit.read(path, encoding="utf-8")
    return unit


def options(tool):
    text = subprocess.run([build / "bin" / tool, "--help"], env={**os.environ, "LC_ALL": "C"}, capture_output=True,
                          text=True, check=True).stdout
    return set(re.findall(r"--[a-z0-9-]+", text))


def check_call(name, line):
    for tool, arguments in re.findall(r"legajo-(indexer|searcher)((?: --[^ '|)]+)*)", line):
        known = options(tool)
        for option in re.findall(r"--[a-z0-9-]+", arguments):
            if option not in known:
                wrong.append(f"{name}: {tool} has no {option}")


def check_timer(name):
    timer = read(folder / f"{name}.timer")
    if timer.get("Install", "WantedBy", fallback="") != "timers.target":
        wrong.append(f"{name}.timer: is wanted by nobody")
    if shutil.which("systemd-analyze"):
        when = timer.get("Timer", "OnCalendar")
        if subprocess.run(["systemd-analyze", "calendar", when], capture_output=True).returncode:
            wrong.append(f"{name}.timer: systemd does not understand OnCalendar={when}")


def systemd(units):
    """Verifies copies that call the tools of the build, and rates the hardened one."""
    if not shutil.which("systemd-analyze"):
        print("systemd-analyze is not here: units are not verified")
        return
    with tempfile.TemporaryDirectory(prefix="legajo-units-") as place:
        for path in units:
            text = re.sub(r"^(ExecStart=)\S*/legajo-(\w+)", rf"\1{build}/bin/\2", path.read_text(encoding="utf-8"),
                          flags=re.M)
            (Path(place) / path.name.replace("@", "@leyes")).write_text(text, encoding="utf-8")
        for path in sorted(Path(place).iterdir()):
            user = ["--user"] if "alerts" in path.name else []
            ran = subprocess.run(["systemd-analyze", *user, "--man=no", "--recursive-errors=no", "verify", path],
                                 capture_output=True, text=True,
                                 env={**os.environ, "XDG_RUNTIME_DIR": place, "HOME": place})
            said = [line for line in ran.stderr.splitlines() if path.name in line or "@leyes" in line]
            if ran.returncode or said:
                wrong.extend(said or [f"{path.name}: systemd-analyze verify: {ran.stderr.strip()}"])
        rated = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager",
                                Path(place) / "legajo-index@leyes.service"], capture_output=True, text=True)
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", rated.stdout)
        if not level:
            wrong.append(f"systemd-analyze security: {rated.stderr.strip()}")
        else:
            print(f"exposure of legajo-index@.service, by systemd-analyze security: {level.group(1)}")
            if float(level.group(1)) > MOST_EXPOSED:
                wrong.append(f"legajo-index@.service is exposed {level.group(1)}, over {MOST_EXPOSED}")


index = build / "indexer" / "units" / "legajo-index@.service"
alerts = build / "indexer" / "units" / "legajo-alerts@.service"
for path in (index, alerts, folder / "legajo-index.d.conf", folder / "legajo-alerts.d.conf", folder / "legajo.cron"):
    calls = [line for line in path.read_text(encoding="utf-8").splitlines()
             if "legajo-" in line and not line.startswith("#")]
    for call in calls:
        check_call(path.name, call)
service = read(index)
for key, value in HARDENED.items():
    if service.get("Service", key, fallback=None) != value:
        wrong.append(f"{index.name}: {key} should be “{value}”")
for key in ("MemoryMax", "SystemCallFilter", "StateDirectory", "User"):
    if not service.get("Service", key, fallback=""):
        wrong.append(f"{index.name}: {key} is missing")
example = read(folder / "legajo-index.d.conf")
for key in ("RequiresMountsFor", "OnFailure"):
    if not example.get("Unit", key, fallback=""):
        wrong.append(f"legajo-index.d.conf: {key} is missing")
if "LC_ALL=C\n" not in (folder / "legajo.cron").read_text(encoding="utf-8"):
    wrong.append("legajo.cron: LC_ALL=C is missing")
check_timer("legajo-index@")
check_timer("legajo-alerts@")
for name in ("leyes.conf",):
    ran = subprocess.run([build / "bin" / "indexer", f"--config={folder / name}", "--print-config"],
                         capture_output=True, text=True)
    if ran.returncode:
        wrong.append(ran.stderr.strip())
systemd([index, alerts, folder / "legajo-index@.timer", folder / "legajo-alerts@.timer"])
print(*wrong, sep="\n")
sys.exit(1 if wrong else 0)
