"""What bench/size, bench/ingest and bench/range share: the programs they start, the peers
they feed, and what those used. Everything listens on loopback and on a free port."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / os.environ.get("BUILD", "build")
TICKS_S = os.sysconf("SC_CLK_TCK")
VALUES = 24  # of one sample

PACKAGES = {"victoria-metrics": "victoria-metrics", "prometheus": "prometheus"}


def name():
    return "bench/" + pathlib.Path(sys.argv[0]).name


def need_programs(*programs):
    """Ends with the apt-get line when a peer is missing."""
    missing = [PACKAGES[program] for program in programs if not shutil.which(program)]
    if missing:
        sys.exit(f"{name()}: peers are missing: apt-get install {' '.join(missing)}")


def build(*targets):
    """Builds what is measured; gives the paths."""
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["meson", "setup", BUILD, ROOT], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", BUILD, *targets], check=True, stdout=subprocess.DEVNULL)
    return [BUILD / target for target in targets]


def leave_on_sigterm():
    # A polite kill ends the programs too: it leaves through the `finally`s.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path, method="GET", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, text


def wait_until(what, condition, timeout_s=120):
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    sys.exit(f"{name()}: waited {timeout_s} s in vain for: {what}")


class Program:
    """A started program and what it uses."""

    def __init__(self, command, log, **more):
        self.log = open(log, "wb")
        more.setdefault("stdout", self.log)
        self.process = subprocess.Popen([str(word) for word in command], stderr=self.log,
                                        stdin=subprocess.DEVNULL, **more)

    def cpu_s(self):
        path = f"/proc/{self.process.pid}/stat"
        fields = pathlib.Path(path).read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_S

    def written(self):
        """Bytes that the kernel was given for the disk."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/io").read_text().splitlines():
            if line.startswith("write_bytes:"):
                return int(line.split()[1])
        return 0

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


class Peer:
    """A database that takes Prometheus's remote-write requests."""

    def start(self, folder, command, ready):
        self.data = folder / self.name
        self.program = Program(command, folder / f"{self.name}.log", cwd=folder)
        wait_until(self.name, lambda: ask(self.port, ready)[0] == 200)

    def take(self, frames):
        """Posts every request of the feed; gives the seconds that it took to post them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        spent_s = 0.0
        for frame in frames:
            began = time.monotonic()
            connection.request("POST", "/api/v1/write", frame, {
                "Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
                "X-Prometheus-Remote-Write-Version": "0.1.0"})
            answer = connection.getresponse()
            text = answer.read()
            spent_s += time.monotonic() - began
            if answer.status not in (200, 204):
                sys.exit(f"{name()}: {self.name} answers {answer.status}: {text[:300]}")
        connection.close()
        return spent_s

    def stop(self):
        self.program.stop()


class VictoriaMetrics(Peer):
    name = "VictoriaMetrics"

    def __init__(self, folder):
        self.port = free_port()
        self.start(folder, ["victoria-metrics", f"-storageDataPath={folder / self.name}",
                            f"-httpListenAddr=127.0.0.1:{self.port}", "-retentionPeriod=10y",
                            "-loggerLevel=WARN"], "/health")

    def settle(self):
        """Everything on the disk and merged: the smallest it becomes."""
        ask(self.port, "/internal/force_flush")
        ask(self.port, "/internal/force_merge")

        def merges():
            text = ask(self.port, "/metrics")[1].decode()
            return sum(float(line.split()[-1]) for line in text.splitlines()
                       if line.startswith("vm_active_merges"))

        wait_until("VictoriaMetrics's merges", lambda: merges() == 0, 600)

    def bytes(self):
        """All of its files, and how many values they hold."""
        return du(self.data)


class Prometheus(Peer):
    name = "Prometheus"

    def __init__(self, folder):
        self.port = free_port()
        config = folder / "prometheus.json"  # JSON is YAML too
        config.write_text("{}")
        self.start(folder, ["prometheus", f"--config.file={config}",
                            f"--storage.tsdb.path={folder / self.name}",
                            "--storage.tsdb.retention.time=10y", "--log.level=warn",
                            "--web.enable-remote-write-receiver",
                            f"--web.listen-address=127.0.0.1:{self.port}"], "/-/ready")

    def settle(self):
        """Until it has made its blocks larger as far as it does at this time."""
        before = None
        while before != (before := sorted(self.blocks())):
            time.sleep(5)

    def blocks(self):
        return [path.parent for path in self.data.glob("*/meta.json")]

    def bytes_in_blocks(self):
        """Bytes of the finished blocks, and how many values they hold."""
        values = sum(json.loads((block / "meta.json").read_text())["stats"]["numSamples"]
                     for block in self.blocks())
        return sum(du(block) for block in self.blocks()), values


def du(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def feed(program, **options):
    """The remote-write requests of bench_history, one after the other."""
    words = [f"{key}={value}" for key, value in options.items()]
    process = subprocess.Popen([str(program), "feed", *words], stdout=subprocess.PIPE)
    try:
        while head := process.stdout.read(4):
            yield process.stdout.read(struct.unpack("<I", head)[0])
    finally:
        process.stdout.close()
        process.terminate()
        process.wait()


def history(program, mode, **options):
    """Runs bench_history fill or rows; gives what it found."""
    words = [f"{key}={value}" for key, value in options.items()]
    answer = subprocess.run([str(program), mode, *words], check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)


def goal(words, good):
    print(f"  {'met   ' if good else 'MISSED'}  {words}")
    return good


def machine():
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"
