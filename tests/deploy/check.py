"""Checks deploy/: each check is a function, and says what is wrong by raising. Run by tests/deploy/run."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
BINARY, TOOLS = Path(sys.argv[1]), Path(sys.argv[2])
PROMTOOL = TOOLS / "prometheus/usr/bin/promtool"
# As the image and the manifests have it.
USER = 65532


def ran(*command, **options):
    """What a command printed; raises with it if the command failed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, **options)
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}:\n{said}"
    return said


def tool(name, *arguments):
    return ran(TOOLS / "python/bin" / name, *arguments)


def refuses(check, *arguments):
    """A check that lets everything pass is none: what is broken on purpose must not pass it."""
    try:
        check(*arguments)
    except AssertionError:
        return
    raise AssertionError("what was broken on purpose passed")


def manifests():
    """Every Kubernetes object, with the file that it is in."""
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    there = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(listed) == there, f"kustomization.yaml names {sorted(listed)}, there are {sorted(there)}"
    return [(name, found) for name in listed for found in yaml.safe_load_all((KUBERNETES / name).read_text())]


def one(kind):
    return next(found for _, found in manifests() if found["kind"] == kind)


def the_dockerfile_is_sound():
    tool("hadolint", DEPLOY / "Dockerfile")


def the_dockerfile_copies_what_is_there():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert "/target" in ignored and "/deploy/secrets" in ignored, "builds and secrets must not come into the image"


def compose_is_valid():
    schema = ["--builtin-schema", "vendor.compose-spec"]
    tool("check-jsonschema", *schema, DEPLOY / "compose.yaml")
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "compose.yaml"
        broken.write_text((DEPLOY / "compose.yaml").read_text().replace("read_only: true", "read_onyl: true"))
        refuses(tool, "check-jsonschema", *schema, broken)


def compose_mounts_what_is_there():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), f"{name} mounts {source}: not there"
    signpost = compose["services"]["signpost"]
    configuration = tomllib.loads((DEPLOY / "compose/signpost.toml").read_text())
    scrape = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"][0]
    assert (scrape["scheme"] == "https") == configuration["operations"]["tls"], "Prometheus asks by another scheme"
    told = paths(configuration)
    assert told == {f"/run/secrets/{secret}" for secret in signpost["secrets"]}, f"the configuration reads {told}"
    assert signpost["user"] == f"{USER}:{USER}"


def kubernetes_manifests_are_valid():
    version = ["-k", "1.34", "--strict"]
    for name in {name for name, _ in manifests()}:
        tool("kubernetes-validate", *version, KUBERNETES / name)
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "deployment.yaml"
        broken.write_text((KUBERNETES / "deployment.yaml").read_text().replace("httpGet", "httpGot"))
        refuses(tool, "kubernetes-validate", *version, broken)


def kubernetes_names_meet():
    """Selectors find the pods, ports have the names that others call them by, and every file read is mounted."""
    deployment = one("Deployment")
    pod = deployment["spec"]["template"]
    labels = pod["metadata"]["labels"].items()
    container = pod["spec"]["containers"][0]
    ports = {port["name"] for port in container["ports"]}
    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels
    for _, found in manifests():
        spec = found.get("spec", {})
        selector = spec.get("selector", spec.get("podSelector", {}))
        wanted = selector.get("matchLabels", selector if found["kind"] == "Service" else {})
        assert wanted.items() <= labels, f"{found['kind']} {found['metadata']['name']} selects no pod"
        named = [port["targetPort"] for port in spec.get("ports", [])] if found["kind"] == "Service" else []
        rules = spec.get("ingress", []) if found["kind"] == "NetworkPolicy" else []
        named += [port["port"] for rule in rules for port in rule["ports"]]
        assert set(named) <= ports, f"{found['kind']} names ports {named}, there are {ports}"
    assert one("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    mounted = tuple(mount["mountPath"] + "/" for mount in container["volumeMounts"])
    told = tomllib.loads((KUBERNETES / "signpost.toml").read_text())
    for path in paths(told) | {container["args"][-1]}:
        assert path.startswith(mounted), f"{path} is read and not mounted"
    assert told["journal"]["url_file"], "replicas share PostgreSQL"
    probes = [container[f"{name}Probe"]["httpGet"]["scheme"] for name in ("startup", "liveness", "readiness")]
    assert set(probes) == {"HTTPS" if told["operations"].get("tls") else "HTTP"}, f"probes ask by {probes}"
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    drain = told.get("load", {}).get("shutdown_timeout_ms", 20_000) / 1000
    assert pod["spec"]["terminationGracePeriodSeconds"] > pause + drain, "killed before calls under way are answered"


def configurations_are_valid():
    for path in [DEPLOY / "compose/signpost.toml", KUBERNETES / "signpost.toml"]:
        with tempfile.TemporaryDirectory() as folder:
            said = ran(BINARY, "config", "check", here(path, Path(folder)))
            assert "clients: north" in said, said


def the_unit_is_sound():
    unit = (DEPLOY / "systemd/signpost.service").read_text()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "signpost.service"
        copy.write_text(unit.replace("/usr/local/bin/signpost", str(BINARY)))
        said = ran("systemd-analyze", "verify", copy)
        assert not said.strip(), said
        ran("systemd-analyze", "security", "--offline=true", "--threshold=20", copy)
        copy.write_text(copy.read_text().replace("RestartSec=1s", "RestartSek=1s"))
        assert "RestartSek" in ran("systemd-analyze", "verify", copy), "a wrong setting is not seen"


def the_units_environment_is_known():
    """`LoadCredential` gives files, the environment names them to the service: all of it must be settings."""
    unit = (DEPLOY / "systemd/signpost.service").read_text()
    credentials = dict(re.findall(r"^LoadCredential=([^:]+):(.+)$", unit, re.M))
    environment = dict(re.findall(r"^Environment=(\w+)=%d/(.+)$", unit, re.M))
    assert set(environment.values()) == set(credentials), f"{environment} and {credentials}"
    with tempfile.TemporaryDirectory() as folder:
        told = here(DEPLOY / "compose/signpost.toml", Path(folder))
        known = {variable: f"{folder}/file-0" for variable in environment}
        ran_by({**os.environ, **known}, BINARY, "config", "check", told)
        refuses(ran_by, {**os.environ, "SIGNPOST_TLS_KEYS": "x"}, BINARY, "config", "check", told)


def ran_by(environment, *command):
    return ran(*command, env=environment)


def rules_hold():
    ran(PROMTOOL, "check", "config", DEPLOY / "prometheus/prometheus.yml")
    ran(PROMTOOL, "test", "rules", DEPLOY / "prometheus/alerts.test.yml")


def every_alert_is_in_the_runbook():
    runbook = (DEPLOY / "RUNBOOK.md").read_text()
    written = set(re.findall(r"^### (Signpost\w+)$", runbook, re.M))
    tests = yaml.safe_load((DEPLOY / "prometheus/alerts.test.yml").read_text())["tests"]
    tried = {case["alertname"] for test in tests for case in test["alert_rule_test"] if case.get("exp_alerts")}
    names = {rule["alert"] for rule in alerts()}
    assert names == written, f"alerts {names ^ written} are in one of rules and runbook only"
    assert names == tried, f"alerts {names ^ tried} have no test that they fire"


def alerts():
    groups = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard_queries():
    panels = json.loads((DEPLOY / "grafana/signpost.json").read_text())["panels"]
    panels += [inner for panel in panels for inner in panel.get("panels", [])]
    return [target["expr"] for panel in panels for target in panel.get("targets", [])]


def spoken(query):
    """A query as Grafana sends it."""
    return re.sub(r"\$__rate_interval", "5m", query).replace("$instance", ".*")


def dashboard_queries_can_be_read():
    queries = dashboard_queries()
    assert len(queries) > 10, "the dashboard has too few queries to be the dashboard"
    rules = [{"record": f"panel:query{at}", "expr": spoken(query)} for at, query in enumerate(queries)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.yml"
        path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
        ran(PROMTOOL, "check", "rules", path)


def the_image_runs():
    """What the Dockerfile puts together, without a container engine: the binary and the libraries that the base has, in
    a root of its own that the user of the image cannot write."""
    base = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1"}
    needed = re.findall(r"^\s*(\S+) => (\S+)", ran("ldd", BINARY), re.M)
    assert {name for name, _ in needed} <= base, f"the base image does not have {needed}"
    loader = re.search(r"^\s*(/\S+ld-linux\S+)", ran("ldd", BINARY), re.M)[1]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        for source in [loader, *(path for _, path in needed)]:
            target = root / source.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(source), target)
        (root / "usr/local/bin").mkdir(parents=True)
        shutil.copy(BINARY, root / "usr/local/bin/signpost")
        told = root / "etc/signpost"
        told.mkdir(parents=True)
        journal = root / "var/lib/signpost"
        journal.mkdir(parents=True)
        os.chown(journal, USER, USER)
        (told / "journal.keys").write_text("k" * 40 + "\n")
        (told / "operations.token").write_text("t" * 40 + "\n")
        hook, operations = free_port(), free_port()
        (told / "signpost.toml").write_text(
            f'listen = "127.0.0.1:{hook}"\n'
            '[journal]\nurl = "sqlite:/var/lib/signpost/journal.db"\nkey_file = "/etc/signpost/journal.keys"\n'
            f'[operations]\nlisten = "127.0.0.1:{operations}"\ntoken_file = "/etc/signpost/operations.token"\n'
        )
        command = ["chroot", f"--userspec={USER}:{USER}", str(root), "/usr/local/bin/signpost"]
        with running(command + ["serve", "--config", "/etc/signpost/signpost.toml"]):
            waits_for(f"http://127.0.0.1:{operations}/readyz")
            answered(hook)
        assert (journal / "journal.db").stat().st_size > 0


def prometheus_finds_what_is_asked_for():
    """A Prometheus scrapes two services that met with everything; every query and rule is one it can answer, by names
    that are there."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        root = Path(folder)
        (root / "journal.keys").write_text("k" * 40 + "\n")
        (root / "operations.token").write_text("t" * 40 + "\n")
        operations = [provoked(root, started), refusing(root, started)]
        scrape = {"job_name": "signpost", "scrape_interval": "1s"}
        scrape["static_configs"] = [{"targets": [f"127.0.0.1:{port}" for port in operations]}]
        told = {"rule_files": [str(DEPLOY / "prometheus/alerts.yml")], "scrape_configs": [scrape]}
        (root / "prometheus.yml").write_text(yaml.safe_dump(told))
        port = free_port()
        command = [TOOLS / "prometheus/usr/bin/prometheus", f"--config.file={root}/prometheus.yml"]
        command += [f"--storage.tsdb.path={root}/data", f"--web.listen-address=127.0.0.1:{port}"]
        started.enter_context(running(command))
        api = f"http://127.0.0.1:{port}/api/v1"
        waits_for(f"{api}/status/buildinfo")
        until = time.monotonic() + 30
        while True:
            up = asked(api, 'count(up{job="signpost"} == 1)')
            if up and up[0]["value"][1] == "2":
                break
            assert time.monotonic() < until, f"Prometheus does not read the metrics: {body(f'{api}/targets').decode()}"
            time.sleep(0.5)
        queries = [rule["expr"] for rule in alerts()] + [spoken(query) for query in dashboard_queries()]
        for query in queries:
            asked(api, query)
        names = {name for query in queries for name in re.findall(r"\bsignpost_\w+", query)}
        there = set(json.loads(body(f"{api}/label/__name__/values"))["data"])
        assert names and names <= there, f"asked for and not given: {sorted(names - there)}"


def asked(api, query):
    url = f"{api}/query?" + urllib.parse.urlencode({"query": query})
    try:
        return json.loads(body(url))["data"]["result"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{query}: {error.read().decode()}") from error


def provoked(root, started):
    """An open service that has read an EHR's server, sent cards and taken feedback: the port of its operations."""
    hook, operations, ehr = free_port(), free_port(), free_port()
    (root / "open.toml").write_text(
        f'listen = "127.0.0.1:{hook}"\n[journal]\nurl = "sqlite:{root}/journal.db"\nkey_file = "journal.keys"\n'
        f'[operations]\nlisten = "127.0.0.1:{operations}"\ntoken_file = "operations.token"\n'
    )
    started.enter_context(running([BINARY, "demo-ehr", "--listen", f"127.0.0.1:{ehr}"]))
    started.enter_context(running([BINARY, "serve", "--config", root / "open.toml"]))
    waits_for(f"http://127.0.0.1:{operations}/readyz")
    waits_for(f"http://127.0.0.1:{ehr}/fhir/metadata")
    cards = answered(hook, "--fhir-server", f"http://127.0.0.1:{ehr}/fhir")
    report = {"card": cards[0]["uuid"], "outcome": "accepted", "outcomeTimestamp": "2026-11-23T00:00:00Z"}
    report["acceptedSuggestions"] = [{"id": suggestion["uuid"]} for suggestion in cards[0].get("suggestions", [])]
    service = f"http://127.0.0.1:{hook}/cds-services/{first_service(hook)}/feedback"
    posted(service, json.dumps({"feedback": [report]}).encode())
    return operations


def refusing(root, started):
    """A service that knows a client, and was asked by somebody else."""
    hook, operations = free_port(), free_port()
    (root / "north.jwks.json").write_text((ROOT / "fixtures/keys/north.jwks.json").read_text())
    (root / "closed.toml").write_text(
        f'public_url = "https://cds.example.org"\nlisten = "127.0.0.1:{hook}"\n'
        '[[client]]\nname = "north"\niss = "https://north.example.org"\njwks_file = "north.jwks.json"\n'
        f'[operations]\nlisten = "127.0.0.1:{operations}"\ntoken_file = "operations.token"\n'
    )
    started.enter_context(running([BINARY, "serve", "--config", root / "closed.toml"]))
    waits_for(f"http://127.0.0.1:{operations}/readyz")
    try:
        body(f"http://127.0.0.1:{hook}/cds-services")
        raise AssertionError("let in without a token")
    except urllib.error.HTTPError as error:
        assert error.code == 401, error
    return operations


def answered(port, *options):
    """The cards of one call of the hook with the bundled request."""
    request = ran(BINARY, "example", *options).encode()
    cards = json.loads(posted(f"http://127.0.0.1:{port}/cds-services/{first_service(port)}", request))["cards"]
    assert cards, "no cards"
    return cards


def first_service(port):
    return json.loads(body(f"http://127.0.0.1:{port}/cds-services"))["services"][0]["id"]


def posted(url, json_text):
    call = urllib.request.Request(url, json_text, {"Content-Type": "application/json"})
    return urllib.request.urlopen(call, timeout=20).read()


def body(url):
    return urllib.request.urlopen(url, timeout=20).read()


def waits_for(url):
    until = time.monotonic() + 30
    while True:
        try:
            return body(url)
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until, f"{url.rsplit('/', 1)[1]}: no answer in 30 s"
            time.sleep(0.1)


@contextmanager
def running(command):
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield
    except BaseException:
        process.kill()
        print(process.communicate()[0].decode()[-3000:])
        raise
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def paths(told):
    """Every absolute path in a configuration, but the content's folder."""
    if isinstance(told, dict):
        return set().union(*(paths(value) for value in told.values()))
    if isinstance(told, list):
        return set().union(*map(paths, told)) if told else set()
    return {told} if isinstance(told, str) and told.startswith("/") else set()


def here(path, folder):
    """A copy of a configuration in a folder where everything is that it reads."""
    text = path.read_text()
    for number, named in enumerate(sorted(paths(tomllib.loads(text)), key=len, reverse=True)):
        stands_for = folder / f"file-{number}"
        is_url = named.endswith("journal-url")
        stands_for.write_text("postgres://signpost@localhost/signpost\n" if is_url else "k" * 40 + "\n")
        text = text.replace(f'"{named}"', f'"{stands_for}"')
    copy = folder / "signpost.toml"
    copy.write_text(text)
    return copy


CHECKS = [
    the_dockerfile_is_sound,
    the_dockerfile_copies_what_is_there,
    compose_is_valid,
    compose_mounts_what_is_there,
    kubernetes_manifests_are_valid,
    kubernetes_names_meet,
    configurations_are_valid,
    the_unit_is_sound,
    the_units_environment_is_known,
    rules_hold,
    every_alert_is_in_the_runbook,
    dashboard_queries_can_be_read,
    the_image_runs,
    prometheus_finds_what_is_asked_for,
]

failed = 0
for check in CHECKS:
    try:
        check()
        print(f"ok      {check.__name__.replace('_', ' ')}")
    except Exception:
        failed += 1
        print(f"FAILED  {check.__name__.replace('_', ' ')}\n{traceback.format_exc(limit=-2)}")
print(f"deploy: {len(CHECKS) - failed} passed, {failed} failed")
sys.exit(failed > 0)
