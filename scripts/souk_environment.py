"""A souk market as a vector of environments: reset and step, as in Gymnasium.

    souk environment configs/experiment/generated_shop.yaml --users 50 --socket /tmp/shop

    from souk_environment import SlateEnvironment

    with SlateEnvironment("/tmp/shop") as shop:
        observation, info = shop.reset(seed=1)
        while not info["over"]:
            slates = [shop.candidates(user)[:shop.length(user)] for user in range(shop.users)]
            observation, reward, terminated, truncated, info = shop.step(slates)

Needs the standard library only. Where NumPy is installed, columns with a number or a flag
per user are arrays, else lists. docs/environment.md says what each key means.
"""

import json
import pathlib
import socket
import subprocess

try:
    import numpy
except ImportError:  # lists do as well
    numpy = None

PROTOCOL_VERSION = 1


class RequestRefused(Exception):
    """What souk answered instead: where, what, and what to do about it."""


class SlateEnvironment:
    """Users who want slates, in rows 0 to `users` - 1.

    Row i is user i. When a session ends (`terminated[i]`), the row's next observation is
    already that of the user's next session (Gymnasium's autoreset in the same step; there
    is no final observation). Rows for which `info["waiting"]` is false have nobody who
    wants a slate; whatever an action has there is left out.

    Attributes: `users`, `slate_size`, `days`, `reward` ("clicks", ...), `reveal_truth`,
    `name`; after `reset` also `observation`, `info` and `waiting`.
    """

    metadata = {"autoreset_mode": "same_step", "render_modes": []}

    def __init__(self, address, timeout=None):
        """Connects to the path or the "127.0.0.1:PORT" that `souk environment` prints.

        `timeout` (seconds) limits how long an answer may take; a world made from a large
        data set takes a while. Raises OSError if nobody is there."""
        self._server = None
        self._socket = _connect(str(address), timeout)
        self._lines = self._socket.makefile("rb")
        try:
            hello = self._ask({"command": "hello", "version": PROTOCOL_VERSION})
        except RequestRefused:
            self._hang_up()
            raise
        self.name = hello["name"]
        self.users = self.num_envs = hello["users"]
        self.slate_size = hello["slate_size"]
        self.days = hello["days"]
        self.reward = hello["reward"]
        self.reveal_truth = hello["reveal_truth"]
        self.observation = self.info = self.waiting = None
        self._items, self._for_sale = None, {}

    @classmethod
    def serving(cls, file, *flags, souk="souk", timeout=None):
        """Starts `souk environment FILE FLAGS...` and connects to it; `close` ends it.

        Raises RuntimeError with what souk said if it does not start."""
        server = subprocess.Popen([str(souk), "environment", str(file), *map(str, flags)],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        address = server.stdout.readline().strip()
        if not address:
            raise RuntimeError(server.communicate()[1].strip())
        try:
            shop = cls(address, timeout)
        except BaseException:
            server.terminate()
            server.communicate()
            raise
        shop._server = server
        return shop

    def reset(self, seed=None, options=None):
        """Begins an episode in world `seed`; returns (observation, info).

        The same file and seed give the same world, and with the same slates the same
        episode to the bit. Without a seed: the world after the last one. `options` is
        there for Gymnasium's sake; there are none."""
        if options:
            raise ValueError("an episode has no options")
        answer = self._ask({"command": "reset"} if seed is None
                           else {"command": "reset", "seed": int(seed)})
        self._items, self._for_sale = None, {}
        self._take(answer)
        return self.observation, self.info

    def step(self, slates):
        """Shows a slate to every user who waits, and returns (observation, reward,
        terminated, truncated, info) when somebody waits again, or `info["over"]`.

        `slates` has a row per user: item numbers, `length(user)` of them. A row may be
        padded at its end with -1, so that an array of [users, slate_size] will do."""
        if len(slates) != self.users:
            raise ValueError(f"{len(slates)} slates for {self.users} users")
        said = [_unpadded(slate) if waits else None
                for slate, waits in zip(slates, self._waits)]
        answer = self._ask({"command": "step", "slates": said})
        self._take(answer)
        reward = [float(earned) for earned in answer["reward"]]
        return (self.observation, _column(reward), _column(answer["terminated"]),
                _column(answer["truncated"]), self.info)

    def items(self):
        """Returns the catalogue of this world: `launch_day`, `columns` (by attribute:
        codes, numbers or texts), `attributes` (what the codes mean) and `queries`."""
        if self._items is None:
            self._items = self._ask({"command": "items"})
        return self._items

    def length(self, user):
        """Returns how many items the user's slate must have now."""
        return int(self.observation["length"][user])

    def candidates(self, user):
        """Returns the items that may be shown to a user now: in a search those found, best
        first, else all that are for sale and not barred."""
        if not self._waits[user]:
            return []
        found = self.observation["found"][user]
        if found is not None:
            return found
        barred = set(self.observation["barred"][user])
        return [item for item in self.for_sale(int(self.observation["day"][user]))
                if item not in barred]

    def for_sale(self, day):
        """Returns the items that are for sale on a day of this world."""
        if day not in self._for_sale:
            self._for_sale[day] = [item for item, launch
                                   in enumerate(self.items()["launch_day"]) if launch <= day]
        return self._for_sale[day]

    def close(self):
        """Ends the connection, and the server if `serving` started it."""
        try:
            self._ask({"command": "close"})
        except OSError:
            pass  # it is gone already
        self._hang_up()
        if self._server is not None:
            self._server.terminate()
            self._server.communicate()
            self._server = None

    def _hang_up(self):
        if self._socket is not None:
            self._lines.close()
            self._socket.close()
            self._socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _take(self, answer):
        """Keeps an answer's observation and info, as arrays where they can be."""
        self._waits = answer["info"]["waiting"]
        self.observation = {name: _column(values)
                            for name, values in answer["observation"].items()}
        self.info = answer["info"]
        self.info["waiting"] = self.waiting = _column(self._waits)

    def _ask(self, request):
        if self._socket is None:
            raise ConnectionError("the connection to souk environment is closed")
        try:
            try:
                self._socket.sendall(json.dumps(request, separators=(",", ":")).encode() + b"\n")
            except (BrokenPipeError, ConnectionResetError):
                pass  # why it hung up may be there to read
            line = self._lines.readline()
        except BaseException:  # too late, or Ctrl-C: an answer may be on its way still
            self._hang_up()
            raise
        if not line.endswith(b"\n"):
            raise ConnectionError("souk environment has gone")
        answer = json.loads(line)
        if "error" in answer:
            raise RequestRefused(answer["error"])
        return answer


def _connect(address, timeout):
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and not pathlib.Path(address).exists():
        connected = socket.create_connection((host, int(port)), timeout)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connected.settimeout(timeout)
    connected.connect(address)
    return connected


def _unpadded(slate):
    """A slate as a list of ints, without the -1 at its end."""
    items = slate.tolist() if hasattr(slate, "tolist") else [int(item) for item in slate]
    while items and items[-1] == -1:
        items.pop()
    return items


def _column(values):
    """Numbers and flags as an array, where there is NumPy; lists of lists stay."""
    if isinstance(values, dict):
        return {name: _column(column) for name, column in values.items()}
    if numpy is None or not values or isinstance(values[0], list) or None in values:
        return values
    return numpy.asarray(values)
