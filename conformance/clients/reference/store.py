"""The stored session: `token.json`, the token response plus `_iat` and `_exp` (planet_auth's format)."""
import contextlib
import fcntl
import json
import os
import tempfile

from kit import ClientError

from . import faults

LOCK_TIMEOUT = 90  # seconds; longer than one exchange with all its retries
KNOWN_MEMBERS = {"access_token", "refresh_token", "id_token", "token_type", "scope", "expires_in", "_iat", "_exp"}


class Store:
    def __init__(self, kit, directory):
        self.kit = kit
        self.directory = directory
        self.path = os.path.join(directory, "token.json")

    def exists(self):
        return os.path.exists(self.path)

    def load(self):
        """The stored object; None if there is none."""
        try:
            with open(self.path, encoding="utf-8") as file:
                token = json.load(file)
            if isinstance(token, dict):
                return token
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError):
            if faults.on("crash_on_corrupt_store"):
                raise
        raise ClientError("storage", "the stored session cannot be read")

    def save(self, token):
        """Replaces the stored object in one step, readable by its owner only."""
        token = {key: value for key, value in token.items() if value is not None}
        if faults.on("forget_unknown_members"):
            token = {key: value for key, value in token.items() if key in KNOWN_MEMBERS}
        if faults.on("no_save_through_link") and os.path.islink(self.path):
            return
        text = json.dumps(token, indent=2, sort_keys=True)
        try:
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            if faults.on("truncate_in_place"):
                handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                return
            self._replace(text)
        except OSError as error:
            raise ClientError("storage", f"saving failed: {type(error).__name__}") from None

    def _replace(self, text):
        handle, temporary = tempfile.mkstemp(prefix=".token-", dir=self.directory)  # 0600 from the start
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if faults.on("world_readable"):
                os.chmod(temporary, 0o644)
            if faults.on("mode_by_umask"):
                os.chmod(temporary, 0o666 & ~current_umask())
            os.rename(temporary, self.path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise

    def remove(self):
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise ClientError("storage", f"removing failed: {type(error).__name__}") from None

    @contextlib.contextmanager
    def lock(self):
        """Excludes other processes that use the same session."""
        try:
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            descriptor = os.open(self.path + ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ClientError("storage", f"locking failed: {type(error).__name__}") from None
        try:
            deadline = None
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    # Waiting in flock() itself would stop the clock of the run.
                    now = self.kit.now()
                    deadline = deadline or now + LOCK_TIMEOUT
                    if now >= deadline:
                        raise ClientError("locked", "another process holds the session") from None
                    self.kit.sleep(0.05)
            yield
        finally:
            os.close(descriptor)


class MemoryStore:
    """For a client that keeps nothing."""

    def __init__(self):
        self._token = None

    def exists(self):
        return self._token is not None

    def load(self):
        return self._token

    def save(self, token):
        self._token = dict(token)

    def remove(self):
        self._token = None

    def lock(self):
        return contextlib.nullcontext()


def current_umask():
    mask = os.umask(0o077)  # which can only be read by setting it
    os.umask(mask)
    return mask
