"""Where the private cluster's files are, whose they are, and how to act as that account."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import stat
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from geo.errors import ClusterError

__all__ = ["ROLE", "ClusterFolder"]

ROLE = "postgres"
"""Owner of everything in the cluster; only who may open the socket's folder can be it."""

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 103
"""Bytes of a unix socket's path that every system takes."""

PLAIN = re.compile(r"[\w./@+-]+", re.ASCII)
"""Paths that mean the same in a URL, in PostgreSQL's list of folders and in libpq's list of hosts."""

SHORT_PLACE = Path("/tmp")  # noqa: S108 - the folder in it is ours alone (0700), which is checked
SYSTEM_PLACE = Path("/var/lib/nts-mekong-watch")
"""Where root's cluster lies when its account cannot get to ``var_dir``, as in root's own home folder."""
UNPRIVILEGED = "postgres"
"""Account that runs the cluster when root starts it: PostgreSQL refuses root."""


@dataclass(frozen=True, slots=True)
class ClusterFolder:
    """The private cluster's place under ``var_dir``."""

    var_dir: Path

    @classmethod
    def of(cls, var_dir: Path) -> ClusterFolder:
        """The same folder however it is written."""
        return cls(Path(var_dir).expanduser().resolve())

    @property
    def name(self) -> str:
        """Short name of the cluster, by which its server is known among the machine's processes."""
        return "watch-" + hashlib.sha256(os.fsencode(self.var_dir)).hexdigest()[:12]

    @property
    def top(self) -> Path:
        """Folder of all that belongs to the cluster; ``var_dir`` holds it, or a link to it."""
        return (self.var_dir / "postgres").resolve()

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.top / "data"

    @property
    def log(self) -> Path:
        """What the server writes while it runs."""
        return self.top / "server.log"

    @property
    def lock(self) -> Path:
        """File whose lock lets one process at a time start or stop the cluster."""
        return self.var_dir / "postgres.lock"

    @property
    def socket_dir(self) -> Path:
        """Folder of the socket: beside the data, or a short one where that path is too long or odd."""
        near = self.top / "socket"
        if len(os.fsencode(near / SOCKET)) <= LONGEST_SOCKET and PLAIN.fullmatch(str(near)):
            return near
        return SHORT_PLACE / f"{self.name}-{self.account().pw_uid}"

    @property
    def socket(self) -> Path:
        """The socket itself; beside it is a file that names its server's process."""
        return self.socket_dir / SOCKET

    def account(self) -> pwd.struct_passwd:
        """Account that runs the cluster: this one, or for root the data's owner, at first ``postgres``.

        Raises
        ------
        geo.errors.ClusterError
            ``cluster.no_account``.
        """
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        try:
            owner = self.top.stat().st_uid if self.top.is_dir() else 0
            return pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED)
        except KeyError:
            raise ClusterError("cluster.no_account", account=UNPRIVILEGED) from None

    def url(self, database: str) -> str:
        """libpq URL of a database in this cluster."""
        return f"postgresql:///{database}?host={quote(str(self.socket_dir), safe='/')}&user={ROLE}"

    def run(
        self, command: Sequence[str], *, cwd: Path = Path("/"), timeout_s: float = 180
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as the cluster's account; its output is captured, its exit code not judged."""
        account = self.account()
        other = os.geteuid() == 0
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            list(command),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
            start_new_session=True,  # Ctrl+C in the terminal is not for the database
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": account.pw_dir},
            user=account.pw_uid if other else None,
            group=account.pw_gid if other else None,
            extra_groups=[] if other else None,
        )

    def prepare(self) -> None:
        """Make the folders that are missing and check that the account can use them.

        Raises
        ------
        geo.errors.ClusterError
            ``cluster.folder``, ``cluster.not_reachable``, ``cluster.not_owner`` or ``cluster.socket_taken``.
        """
        account = self.account()
        try:
            self.var_dir.mkdir(parents=True, exist_ok=True)
            self._go_where_the_account_can(account)
            self._private(self.top, account)
        except OSError as error:
            raise ClusterError("cluster.folder", folder=self.var_dir, reason=error.strerror) from None
        if self.top.stat().st_uid != account.pw_uid:
            raise ClusterError("cluster.not_owner", folder=self.top, account=account.pw_name)
        for folder in (*reversed(self.top.parents), self.top):
            if self.run(["test", "-x", str(folder)]).returncode != 0:
                raise ClusterError("cluster.not_reachable", folder=folder, account=account.pw_name)
        self.prepare_socket(account)

    def _go_where_the_account_can(self, account: pwd.struct_passwd) -> None:
        """Put the cluster into ``SYSTEM_PLACE`` where root's ``var_dir`` is closed to the account, and link to it."""
        link = self.var_dir / "postgres"
        if os.geteuid() != 0 or os.path.lexists(link) or self.run(["test", "-x", str(self.var_dir)]).returncode == 0:
            return
        place = SYSTEM_PLACE / self.name
        SYSTEM_PLACE.mkdir(mode=0o755, exist_ok=True)
        self._private(place, account)
        link.symlink_to(place, target_is_directory=True)

    def prepare_socket(self, account: pwd.struct_passwd | None = None) -> None:
        """Make the socket's folder and check that nobody else can put a socket there."""
        account = account or self.account()
        try:
            self._private(self.socket_dir, account)
        except OSError as error:
            raise ClusterError("cluster.folder", folder=self.socket_dir, reason=error.strerror) from None
        if not self.socket_is_ours():
            raise ClusterError("cluster.socket_taken", folder=self.socket_dir)

    def socket_is_ours(self) -> bool:
        """Whether the socket's folder is a real folder that only the cluster's account can open."""
        try:
            found = self.socket_dir.lstat()
        except OSError:
            return False
        ours = found.st_uid == self.account().pw_uid
        return stat.S_ISDIR(found.st_mode) and ours and stat.S_IMODE(found.st_mode) == 0o700

    def leave_socket(self) -> None:
        """Take away a socket's folder that stands outside ``var_dir``, after the server has stopped."""
        if self.socket_dir.parent == SHORT_PLACE:
            with suppress(OSError):  # not there, or a server uses it again
                self.socket_dir.rmdir()

    @staticmethod
    def _private(folder: Path, account: pwd.struct_passwd) -> None:
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if not folder.is_dir():
                raise
        else:
            if os.geteuid() == 0:
                os.chown(folder, account.pw_uid, account.pw_gid, follow_symlinks=False)
            folder.chmod(0o700)  # whatever the umask took away
