"""Whose clock a client lives on: proven where it says so, moved where it can be."""

import re

import pytest
from judged import judge  # noqa: F811,F401: a fixture

# A plain program: its clock is the machine's as far as it knows.
PLAIN = """
    began = time.time()

    def get_access_token(args):
        if not stored("first").exists():
            stored("first").write_text(str(time.time()))
        child = subprocess.run(["date", "+%%s"], capture_output=True, text=True).stdout
        first = float(stored("first").read_text())
        return {"access_token": "t", "hours": round((time.time() - first) / 3600), "its_child": round((int(child) - first) / 3600)}

    serve({"get_access_token": get_access_token}, time="%s")
"""
HOURS = """
    steps:
      - {do: get_access_token, check: now, because: c, expect: {ok: {hours: 0, its_child: 0}}}
      - {advance: 3h}
      - {do: get_access_token, check: later, because: c, expect: {ok: {hours: 3, its_child: 3}}}
      - {step_wall: -1h}
      - {do: get_access_token, check: set-back, because: c, expect: {ok: {hours: 2, its_child: 2}}}
      - {restart: true}
      - {do: get_access_token, check: anew, because: c, expect: {ok: {hours: 2, its_child: 2}}}
    expect:
      - {check: its-time, time: "10800..10830", because: that much was let pass}
    """


def test_under_libfaketime_hours_cost_nothing(judge):  # noqa: F811
    said = judge(HOURS, PLAIN % "faketime")
    names = ("now", "later", "set-back", "anew", "its-time")
    assert [said[name] for name in names] == ["PASS"] * len(names), said.all()


def test_under_libfaketime_a_clock_can_be_ahead(judge):  # noqa: F811
    said = judge("""
        client: {clock_skew: 2h}
        steps:
          - {do: get_access_token, check: ahead, because: c, expect: {ok: {ahead: 2}}}
        """, """
        def get_access_token(args):
            return {"access_token": "t", "ahead": round((time.time() - float(os.environ["REAL"])) / 3600)}

        serve({"get_access_token": get_access_token}, time="faketime")
        """, launcher="sh -c 'REAL=$(env -u LD_PRELOAD date +%s) exec \"$@\"' launcher")
    assert said["ahead"] == "PASS", said.all()


def test_without_the_library_the_clear_word(judge, tmp_path):  # noqa: F811
    said = judge(HOURS, PLAIN % "faketime", env={"ASSAY_FAKETIME": str(tmp_path / "none.so")})
    assert said.done.returncode == 1
    assert set(said.scenarios.values()) == {"UNSUPPORTED"}
    assert "lives under libfaketime, which is not installed (Debian: libfaketime)" in said.told("later")
    assert "nothing was judged" in said.done.stdout


def test_on_the_machines_clock_hours_are_not_waited_for(judge):  # noqa: F811
    said = judge("""
        steps:
          - {do: get_access_token}
          - {advance: 3h}
          - {do: get_access_token, check: later, because: c, expect: {ok: {hours: 3}}}
        """, PLAIN % "real")
    assert said["later"] == "UNSUPPORTED"
    assert "it takes 10800 s of a real clock" in said.told("later")


# Virtual time is proven

WAITS = """
    def get_access_token(args):
        %s
        return {"access_token": "t"}

    serve({"get_access_token": get_access_token}, time="virtual")
"""
ONE = "steps: [{do: get_access_token, check: it, because: c, expect: {ok: {access_token: %s}}}]"


def test_who_really_waits_under_virtual_time_breaks_down_and_does_not_fail(judge):  # noqa: F811
    said = judge(ONE % "other", WAITS % "time.sleep(2.5)")
    assert said.done.returncode == 4, said.all()
    assert said["it"] == "ERROR(adapter)", said.all()
    assert re.search(r"it really waited for \d\.\d s, although it says that it lives on virtual time", said.told("it"))
    assert not [check for check in said.checks.values() if check["verdict"] == "FAIL"]


@pytest.mark.parametrize("line", ["kit.sleep(3600)", "sum(range(10 ** 8))"])
def test_who_waits_on_the_clock_of_the_run_or_works_hard_is_fine(judge, line):  # noqa: F811
    said = judge(ONE % "t", WAITS % line)
    assert said["it"] == "PASS", said.all()


def test_a_clock_that_does_not_echo_is_no_virtual_one(judge):  # noqa: F811
    said = judge(ONE % "t", 'kit._reads = lambda kind: 5.0\nserve({"get_access_token": lambda args: {}}, time="virtual")')
    assert said.done.returncode == 4
    assert "it does not live on virtual time" in said.all()


LIFETIME = """
    def get_access_token(args):
        form = {"grant_type": "client_credentials", "scope": "api", "client_id": config["client_id"],
                "client_secret": config["client_auth"]["secret"]}
        with urllib.request.urlopen(config["issuer"] + "/token", urllib.parse.urlencode(form).encode()) as reply:
            return json.load(reply)

    serve({"get_access_token": get_access_token}, time="%s", flows=["client_credentials"], auth_methods=["client_secret_post"])
"""


@pytest.mark.parametrize(("kind", "lifetime"), [("virtual", 3600), ("faketime", 3600), ("real", 2)])
def test_only_where_time_must_be_waited_for_a_token_lives_shortly(judge, kind, lifetime):  # noqa: F811
    said = judge(f"""
        client: {{flow: client_credentials, auth: client_secret_post}}
        real: {{issuer: {{lifetimes: {{access: 2}}}}}}
        steps:
          - {{do: get_access_token, check: it, because: c, expect: {{ok: {{expires_in: {lifetime}}}}}}}
        """, LIFETIME % kind)
    assert said["it"] == "PASS", said.all()
