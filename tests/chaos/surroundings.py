"""What stands around the site: its network, its disk, its clock and its mail server, all of which the test spoils."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from .processes import free_port

DISK = 320  # megabytes


class Proxy:
    """A TCP proxy on this machine that can be cut, and can stall."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = free_port()
        self._flows = threading.Event()
        self._flows.set()
        self._sockets: set[socket.socket] = set()
        self.mend()

    def cut(self) -> None:
        """Break all connections and refuse new ones."""
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        for end in list(self._sockets):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def stall(self, seconds: float) -> None:
        """Pass nothing on for a while, with all connections open."""
        self._flows.clear()
        time.sleep(seconds)
        self._flows.set()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._sockets |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=[one, other], daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                self._flows.wait()
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._sockets.discard(source)
        source.close()


class Disk:
    """A small file system in memory that can be full; a plain folder where none can be mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "palimpsest-chaos", str(folder)]
        mounted = subprocess.run(command, capture_output=True) if os.getuid() == 0 else None
        self.is_small = mounted is not None and mounted.returncode == 0
        self._filler = folder / "filler"

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Leave no byte free, whatever else is deleted meanwhile."""
        done = threading.Event()
        with self._filler.open("wb", buffering=0) as file:
            self._fill(file)
            keeper = threading.Thread(target=self._keep_full, args=[file, done])
            keeper.start()
            try:
                yield
            finally:
                done.set()
                keeper.join()
                self._filler.unlink()

    def _keep_full(self, file: FileIO, done: threading.Event) -> None:
        while not done.wait(0.01):
            self._fill(file)

    def _fill(self, file: FileIO) -> None:
        with contextlib.suppress(OSError):
            while free := os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize:
                file.write(b"\0" * min(free, 1 << 20))

    def remove(self) -> None:
        if self.is_small:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


class Clock:
    """The clock of some processes, which `hurried` puts forward or back as this file says."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.environment = {"CHAOS_CLOCK": str(file)}
        self.put(0)

    def put(self, seconds: int) -> None:
        """Put the clock so many seconds before or behind the right time."""
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self._file)


class Mailbox:
    """A mail server that takes everything and remembers the id of each mail."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        ids = self.ids

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 chaos\r\n")
                for line in self.rfile:
                    word = line[:4].upper().strip()
                    self.wfile.write(
                        {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 yes\r\n")
                    )
                    if word == b"QUIT":
                        return
                    if word == b"DATA":
                        header = b""
                        for part in self.rfile:
                            if part.lower().startswith(b"message-id:"):
                                header = part.split(b":", 1)[1].strip()
                            if part == b".\r\n":
                                break
                        else:
                            return  # broken off
                        ids.append(header.decode())
                        self.wfile.write(b"250 taken\r\n")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Session)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
