"""What befalls a client's process, its files and its surroundings really does, and is told where it does not."""

import pytest
from judged import judge  # noqa: F401: a fixture

# kill and restart

ENDS = """
    import atexit

    def get_access_token(args):
        ended = stored("ended").read_text() if stored("ended").exists() else ""
        child = stored("child")
        try:  # who is dead may still be waiting for somebody to take notice
            lives = pathlib.Path(f"/proc/{child.read_text()}/stat").read_text().split()[2] != "Z"
        except FileNotFoundError:
            lives = False
        atexit.register(lambda: stored("ended").write_text(ended + "x"))
        child.write_text(str(subprocess.Popen(["sleep", "1000"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).pid))
        return {"access_token": "t", "ended": ended, "lives": lives}

    serve({"get_access_token": get_access_token})
"""


@pytest.mark.parametrize(("step", "ended"), [("kill", ""), ("restart", "x")])
def test_who_is_killed_ends_nothing_in_good_order_and_its_children_die(judge, step, ended):  # noqa: F811
    said = judge(f"""
        steps:
          - {{do: get_access_token}}
          - {{{step}: true}}
          - {{do: get_access_token, expect: {{ok: {{ended: "{ended}", lives: false}}}}, check: seen, because: it is so}}
        """, ENDS)
    assert said["seen"] == "PASS", said.all()


def test_in_this_process_nobody_is_killed(cli, tmp_path):
    (tmp_path / "mine.yaml").write_text("title: A\nwhy: b\nstatements: [AUTH-004]\nsteps:\n"
                                        "  - {do: login}\n  - {kill: true}\n"
                                        "  - {do: get_access_token, expect: {ok: {}}, because: c}\n")
    done = cli("run", "mine.yaml", "--jsonl", "results.jsonl")
    assert "1 unsupported" in done.stdout, done.stdout
    assert "it takes a client in a process of its own" in (tmp_path / "results.jsonl").read_text()


# A second configuration on the same store

CONFIGURED = """
    def get_access_token(args):
        with stored().open("a") as file:
            file.write("x")
        return {"access_token": "t", "times": stored().read_text(), "scopes": " ".join(config["scopes"]),
                "audience": config["audience"], "colour": config["options"].get("colour", "none")}

    serve({"get_access_token": get_access_token})
"""


def test_a_client_can_be_configured_anew_on_the_same_store(judge):  # noqa: F811
    said = judge("""
        client: {scopes: [openid], audience: "https://one.test", options: {colour: red}}
        steps:
          - {do: get_access_token, check: first, because: c,
             expect: {ok: {times: x, scopes: openid, audience: "https://one.test", colour: red}}}
          - {restart: {scopes: [openid, api], audience: "https://two.test"}}
          - {do: get_access_token, check: second, because: c,
             expect: {ok: {times: xx, scopes: openid api, audience: "https://two.test", colour: red}}}
          - {restart: {options: {colour: blue}}}
          - {do: get_access_token, check: third, because: c,
             expect: {ok: {times: xxx, scopes: openid api, audience: "https://two.test", colour: blue}}}
        """, CONFIGURED)
    assert [said[name] for name in ("first", "second", "third")] == ["PASS"] * 3, said.all()


# What stands in the place of the file

PLACE = """
    def get_access_token(args):
        path = stored()
        if not os.path.lexists(path):
            path.write_text("the login")
            path.chmod(0o600)
        kind = "link" if path.is_symlink() else "directory" if path.is_dir() else "file"
        return {"access_token": "t", "kind": kind, "text": path.read_text() if path.is_file() else "",
                "mode": oct(path.stat().st_mode & 0o777)}

    serve({"get_access_token": get_access_token})
"""


@pytest.mark.parametrize(("other", "seen"), [("symlink", "{kind: link, text: the login, mode: '0o600'}"),
                                             ("directory", "{kind: directory}")])
def test_something_else_may_stand_in_the_place_of_the_file(judge, other, seen):  # noqa: F811
    said = judge(f"""
        steps:
          - {{do: get_access_token, check: before, because: c, expect: {{ok: {{kind: file, text: the login}}}}}}
          - {{tamper: {{replace: {other}}}}}
          - {{do: get_access_token, check: after, because: c, expect: {{ok: {seen}}}}}
        """, PLACE)
    assert (said["before"], said["after"]) == ("PASS", "PASS"), said.all()


# Time zone, proxy, umask

AROUND = """
    def get_access_token(args):
        mask = os.umask(0o777)
        os.umask(mask)
        stored("made").write_text("x") if not stored("made").exists() else None
        proxies = {os.environ.get(name, "none") for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
        return {"access_token": "t", "west": time.timezone // 3600, "mask": oct(mask), "proxy": " ".join(proxies),
                "excepted": os.environ.get("NO_PROXY", os.environ.get("no_proxy", "nothing"))}

    serve({"get_access_token": get_access_token})
"""


@pytest.mark.parametrize(("around", "seen"), [
    ("time_zone: Pacific/Kiritimati", "{west: -14, proxy: none}"),
    ("time_zone: Pacific/Pago_Pago", "{west: 11}"),
    ('umask: "0027"', '{mask: "0o27", proxy: none}'),
    ('umask: "000"', '{mask: "0o0"}'),
    ('proxy: "http://proxy.test:3128"', '{proxy: "http://proxy.test:3128", excepted: nothing}'),
    ('umask: "077", time_zone: Asia/Tokyo, proxy: "http://p.test:1"', '{mask: "0o77", west: -9, proxy: "http://p.test:1"}'),
])
def test_a_process_finds_around_it_what_the_scenario_says(judge, around, seen):  # noqa: F811
    said = judge(f"""
        surroundings: {{{around}}}
        steps:
          - {{do: get_access_token, check: found, because: c, expect: {{ok: {seen}}}}}
          - {{restart: true}}
          - {{do: get_access_token, check: found-again, because: c, expect: {{ok: {seen}}}}}
        """, AROUND)
    assert (said["found"], said["found-again"]) == ("PASS", "PASS"), said.all()


@pytest.mark.parametrize(("around", "told"), [('umask: "8"', "mine.yaml:4:23: has the wrong form"), ("time_zon: UTC", 'did you mean "time_zone"?'),
                                              ("umask: 0027", "mine.yaml:4:23: unquoted 0027")])
def test_surroundings_with_a_slip_are_told(cli, tmp_path, around, told):
    (tmp_path / "mine.yaml").write_text("title: A\nwhy: b\nstatements: [AUTH-004]\nsurroundings: {" + around + "}\n"
                                        "steps:\n  - {do: login, expect: {ok: {}}, because: c}\n")
    done = cli("check", "mine.yaml")
    assert done.returncode == 2
    assert told in done.stderr and "mine.yaml:4" in done.stderr, done.stderr


# Saving fails, for a whole process group

SAVES = """
    # Each in a process of its own, as a client behind a launcher, or one that leaves its storage to a helper.
    WRITE = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"

    def save(name, text, **options):
        done = subprocess.run([sys.executable, "-c", WRITE, str(stored(name)), text], stderr=subprocess.DEVNULL, **options)
        return done.returncode == 0

    def get_access_token(args):
        text = "x" + stored("own").read_text() if stored("own").exists() else "x"
        try:
            stored("own").write_text(text)
            own = True
        except OSError:
            own = False
        return {"access_token": "t", "own": own, "helper": save("helper", text)}

    serve({"get_access_token": get_access_token})
"""
SAVING = """
    steps:
      - {do: get_access_token, check: before, because: c, expect: {ok: {own: true, helper: true}}}
      - {tamper: {saving: fails}}
      - {do: get_access_token, check: meanwhile, because: c, expect: {ok: {own: false, helper: false}}}
      - {tamper: {saving: works}}
      - {do: get_access_token, check: after, because: c, expect: {ok: {own: true, helper: true}}}
    """


@pytest.mark.parametrize("launcher", ["", "sh -c '\"$@\"; exit $?' launcher"])
def test_saving_fails_for_a_whole_process_group(judge, launcher):  # noqa: F811
    said = judge(SAVING, SAVES, launcher=launcher)
    assert [said[name] for name in ("before", "meanwhile", "after")] == ["PASS"] * 3, said.all()


ESCAPES = """
    worker = None

    def get_access_token(args):
        global worker
        if worker is None:  # a group and session of its own: what befalls ours does not reach it
            code = "import sys\\nfor line in sys.stdin: open(line.strip(), 'a').write('x'); print(flush=True)"
            worker = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      start_new_session=True, text=True)
        worker.stdin.write(f"{stored()}\\n")
        worker.stdin.flush()
        worker.stdout.readline()
        return {"access_token": "t"}

    serve({"get_access_token": get_access_token})
    worker.stdin.close()
    worker.wait()
"""


def test_where_something_was_saved_all_the_same_nothing_was_put_to_the_test(judge):  # noqa: F811
    said = judge("""
        steps:
          - {do: get_access_token}
          - {tamper: {saving: fails}}
          - {do: get_access_token, check: unsaved, because: c, expect: {err: {}}}
        expect:
          - {check: unchanged, storage: {unchanged: true}, because: nothing can be saved}
        """, ESCAPES)
    assert said["unchanged"] == "NOT_REACHED", said.all()
