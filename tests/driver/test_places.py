"""The addresses of a run: placeholders wherever they may stand, and what comes to the issuer's origin or the second one."""

import pytest
from judged import judge  # noqa: F811,F401: a fixture

PLACES = ("issuer", "origin", "second_origin")
SEEN_AS = {"issuer": "userinfo", "origin": "elsewhere", "second_origin": "second_origin"}

# Asks where it is told to, and where the metadata lead to; says what it met.
ASKS = """
    import base64

    def fetch(url, form=None):
        try:
            with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode() if form else None) as reply:
                return {"status": reply.status, "text": reply.read().decode(), "url": reply.url}
        except urllib.error.HTTPError as error:
            return {"status": error.code, "text": error.read().decode(), "url": error.url}

    def metadata():
        return json.loads(fetch(config["issuer"] + "/.well-known/openid-configuration")["text"])

    def get_access_token(args):
        met = fetch(metadata()["token_endpoint"], {"grant_type": "client_credentials", "client_id": config["client_id"],
                    "client_secret": config["client_auth"]["secret"], "scope": "api"})
        return {"access_token": "t", **met}

    def validate(args):
        claims = args["token"].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))

    serve({"request": lambda args: fetch(args["url"]), "userinfo": lambda args: metadata(), "get_access_token": get_access_token,
           "validate": validate}, flows=["client_credentials"], auth_methods=["client_secret_post"])
"""
TOLD = "client: {flow: client_credentials, auth: client_secret_post}\n"


@pytest.mark.parametrize("place", PLACES)
def test_a_place_can_be_asked_for(judge, place):  # noqa: F811
    said = judge(TOLD + f"""
steps:
  - {{do: request, url: "${{{place}}}/userinfo"}}
expect:
  - {{check: came, requests: {{to: {SEEN_AS[place]}, count: 1, demanded: true}}, because: it was sent there}}
  - {{check: all, requests: {{count: 1}}, because: and nowhere else}}
""", ASKS)
    assert (said["came"], said["all"]) == ("PASS", "PASS"), said.all()


@pytest.mark.parametrize("place", PLACES)
def test_a_place_can_stand_in_the_metadata(judge, place):  # noqa: F811
    said = judge(TOLD + f"""
issuer: {{metadata: {{userinfo_endpoint: "${{{place}}}/userinfo", x_all: ["${{issuer}}", "${{origin}}", "${{second_origin}}"]}}}}
steps:
  - do: userinfo
    check: told
    because: c
    expect: {{ok: {{issuer: {{re: "http://[0-9.]+:[0-9]+/op-[0-9a-f]+"}}, userinfo_endpoint: {{re: "{PATTERNS[place]}/userinfo"}}}}}}
""", ASKS)
    assert said["told"] == "PASS", said.all()


HERE = "http://127[.]0[.]0[.]1:[0-9]+"
PATTERNS = {"issuer": HERE + "/op-[0-9a-f]+", "origin": HERE, "second_origin": HERE}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_can_stand_in_a_minted_claim(judge, place):  # noqa: F811
    said = judge(TOLD + f"""
steps:
  - {{do: validate, mint: {{claims: {{iss: "${{{place}}}", x: ["${{{place}}}/a"]}}}}, check: minted, because: c,
     expect: {{ok: {{iss: {{re: "{PATTERNS[place]}"}}}}}}}}
""", ASKS)
    assert said["minted"] == "PASS", said.all()


def test_the_three_places_are_three(judge):  # noqa: F811
    said = judge(TOLD + """
issuer: {metadata: {x_one: "${origin} ${second_origin} ${issuer} "}}
steps:
  - do: userinfo
    check: told
    because: c
    expect: {ok: {x_one: {re: "(http://127.0.0.1:[0-9]+) (http://127.0.0.1:[0-9]+) http://127.0.0.1:[0-9]+/op-[0-9a-f]+ "}}}
""", ASKS)
    assert said["told"] == "PASS", said.all()
    one, two, issuer = said.told("told").split('"x_one":"')[1].split('"')[0].split()
    assert one != two and issuer.startswith(one + "/")


def test_another_place_is_told(cli, tmp_path):
    (tmp_path / "mine.yaml").write_text('title: A\nwhy: b\nstatements: [AUTH-004]\nissuer: {metadata: {x_one: "${orgin}"}}\n'
                                        "steps:\n  - {do: login, expect: {ok: {}}, because: c}\n")
    done = cli("check", "mine.yaml")
    assert done.returncode == 2
    assert "mine.yaml:4:28: there is no placeholder \"orgin\" (expected one of: issuer, origin, second_origin; did you mean \"origin\"?)" in done.stderr


REDIRECTS = [("${second_origin}/token", "second_origin"), ("${origin}/other", "elsewhere"), ("/other", "elsewhere"),
             ("${issuer}/userinfo", "userinfo")]


@pytest.mark.parametrize(("target", "seen"), REDIRECTS)
@pytest.mark.parametrize("when", ["script", "step"])
def test_a_redirect_leads_to_either_origin(judge, target, seen, when):  # noqa: F811
    step = f'{{id: moved, when: {{endpoint: token}}, do: {{redirect: {{to: "{target}", status: 303}}}}}}'
    said = judge(TOLD + (f"script: [{step}]\n" if when == "script" else "") + f"""
steps:
  - {{{'advance: 1' if when == 'script' else f'issuer: {{script: [{step}]}}'}}}
  - {{do: get_access_token}}
expect:
  - {{check: came, requests: {{to: {seen}, count: 1, demanded: true}}, because: urllib follows a redirect}}
""", ASKS)
    assert said["came"] == "PASS", said.all()


def test_a_place_in_a_script_step_of_any_kind(judge):  # noqa: F811
    said = judge(TOLD + """
script:
  - {when: {endpoint: token}, do: {patch: {x_where: "${second_origin}"}}}
steps:
  - {do: get_access_token, check: patched, because: c, expect: {ok: {text: {re: '.*"x_where": *"http://127.0.0.1:[0-9]+".*'}}}}
""", ASKS)
    assert said["patched"] == "PASS", said.all()


def test_within_one_process_the_places_are_there_too(cli, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "title: A\nwhy: b\nstatements: [AUTH-004]\nsteps:\n"
        '  - {do: login}\n  - {do: request, url: "${second_origin}/api", expect: {ok: {status: 404}}, because: nobody is there}\n'
        '  - {do: request, url: "${origin}/api", expect: {ok: {status: 404}}, because: nor there}\n'
        "expect:\n"
        "  - {check: second, requests: {to: second_origin, count: 1, demanded: true}, because: c}\n"
        "  - {check: elsewhere, requests: {to: elsewhere, count: 1, demanded: true}, because: c}\n")
    done = cli("run", "mine.yaml")
    assert done.returncode == 0 and "1 pass" in done.stdout, done.stdout


# The redirect that is posted

POSTED = """
    import base64, hashlib, http.server, threading

    VERIFIER = "v" * 43
    CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

    def url_of(redirect_uri):
        return config["issuer"] + "/authorize?" + urllib.parse.urlencode({
            "response_type": "code", "client_id": config["client_id"], "redirect_uri": redirect_uri, "state": "mine",
            "scope": "openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "response_mode": "form_post"})

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append({"method": "POST", "path": self.path, "type": self.headers["Content-Type"],
                        **dict(urllib.parse.parse_qsl(body))})
            self.answer()

        def do_GET(self):
            got.append({"method": "GET", "path": self.path})
            self.answer()

        def answer(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    def login(args):
        got.clear()
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            kit.open_url(url_of(f"http://127.0.0.1:{server.server_port}/callback"))
            server.shutdown()
        return {"access_token": "t", **got[-1], "strays": len(got) - 1}

    def callback(args):
        return {"access_token": "t", "url": args["url"], **dict(urllib.parse.parse_qsl(args.get("form", "")))}

    got = []
    HALVES = {"authorization_url": lambda args: {"url": url_of(config["redirect_uri"])}, "callback": callback}
    serve(%s, auth_methods=["none"])
"""
FORM = '{state: mine, code: {min_length: 6}, iss: {re: "http://.*/op-[0-9a-f]+"}'


def test_the_browser_posts_what_the_page_says(judge):  # noqa: F811
    said = judge(f"""
        steps:
          - {{do: login, check: posted, because: c,
             expect: {{ok: {FORM}, method: POST, path: /callback, type: application/x-www-form-urlencoded, strays: 0}}}}}}
        """, POSTED % '{"login": login}')
    assert said["posted"] == "PASS", said.all()


def test_what_is_posted_can_be_changed_and_preceded(judge):  # noqa: F811
    said = judge("""
        browser: {strays: [/favicon.ico], change: {state: theirs, iss: null}}
        steps:
          - {do: login, check: changed, because: c,
             expect: {ok: {state: theirs, iss: {absent: true}, code: {any: true}, method: POST, path: /callback, strays: 1}}}
        """, POSTED % '{"login": login}')
    assert said["changed"] == "PASS", said.all()


def test_who_has_no_listener_is_handed_the_form(judge):  # noqa: F811
    said = judge(f"""
        steps:
          - {{do: login, check: handed, because: c, expect: {{ok: {FORM}, url: "http://127.0.0.1:49152/callback"}}}}}}
        """, POSTED % "HALVES")
    assert said["handed"] == "PASS", said.all()
