//! Policies: everything that is in the files is on the page.

use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use criteria::Policy;
use criteria::formula::Node;
use signpost::content::{Content, Files};
use tower::ServiceExt;

use crate::difference::{next_policy, with_later};
use crate::kept::{CLIENT, KEY, Kept};
use crate::support::{at, content, extended, get, get_from, serving};

fn escaped(text: &str) -> String {
    let marks = [("&", "&#38;"), ("<", "&#60;"), (">", "&#62;"), ("\"", "&#34;"), ("'", "&#39;")];
    marks.iter().fold(text.to_owned(), |text, (mark, code)| text.replace(mark, code))
}

fn nodes(policy: &Policy) -> impl Iterator<Item = &Node> {
    let roots = [policy.criteria(), policy.exclusions(), policy.clinical_review_unless()];
    roots.into_iter().flatten().flat_map(Node::walk)
}

/// What stands on the page of a policy; all that is missing.
fn missing(content: &Content, policy: &Policy, page: &str) -> Vec<String> {
    let mut wanted: Vec<String> =
        vec![policy.title.clone(), policy.version.clone(), policy.source.label.clone()];
    for node in nodes(policy) {
        wanted.extend(node.id.iter().chain(&node.statement).chain(&node.citation).cloned());
    }
    for index in policy.elements() {
        let definition = content.record.definition(index).unwrap();
        let element = &definition.element;
        wanted.extend([element.id.clone(), element.title.clone(), definition.description.clone()]);
        wanted.push(element.settle.clone());
        for used in definition.sources.iter().flat_map(ehr::source::Source::uses) {
            let set = &content.value_sets[used.set];
            wanted.extend([set.id.clone(), set.version.clone(), set.extension[0].value_string.clone()]);
            for concept in set.compose.include.iter().flat_map(|part| &part.concept) {
                wanted.extend([concept.code.clone(), concept.display.clone().unwrap_or_default()]);
            }
        }
    }
    let (_, cases) = content.policies.iter().find(|(one, _)| std::ptr::eq(one, policy)).unwrap();
    wanted.extend(cases.iter().flat_map(|case| [case.id.clone(), case.note.clone()]));
    wanted.retain(|text| !page.contains(&escaped(text)));
    wanted
}

#[tokio::test]
async fn everything_of_every_policy_is_on_its_page() {
    let (content, router) = (extended(), serving(extended()));
    let list = get_from(&router, "/policies").await.text;
    for (policy, cases) in &content.policies {
        assert!(list.contains(&policy.id) && list.contains(&escaped(&policy.title)), "{}", policy.id);
        let page = get_from(&router, &format!("/policies/{}", policy.id)).await;
        assert_eq!(page.status, 200);
        let none: [String; 0] = [];
        assert_eq!(missing(&content, policy, &page.text), none, "{}", policy.id);
        assert!(page.text.contains(&format!("All {} cases come out as their author says", cases.len())));
        let shown = page.text.matches("<tr><th scope=\"row\">").count();
        assert!(shown >= cases.len(), "{shown} rows");
    }
}

#[tokio::test]
async fn a_policy_or_version_that_is_not_there_is_said_in_words() {
    let id = &content().policies[0].0.id;
    for path in
        ["/policies/none".into(), format!("/policies/{id}?version=1999-01-01"), "/policies/%3Cb%3E".into()]
    {
        let page = get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text.contains("No such policy") && page.text.contains("/policies"), "{path}");
    }
    let page = get(&format!("/policies/{id}?compare=%3Cb%3E1999")).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("holds no version &#60;b&#62;1999"), "what was asked for is text");
}

#[tokio::test]
async fn the_version_in_force_is_shown_and_others_are_compared() {
    let content = with_later(&[("at most 2 mg/dL", "at most 1.5 mg/dL"), ("at-most: 2", "at-most: 1.5")]);
    let router = serving(content);
    let path = &format!("/policies/{}", next_policy());
    let page = get_from(&router, path).await.text;
    assert!(page.contains("<dt>Version</dt><dd>2026-10-01 <span class=\"badge accent\">in force"), "{page}");
    let later = get_from(&router, &format!("{path}?version=2027-01-01")).await.text;
    assert!(later.contains("not yet in force"), "{later}");
    let link = later.split("href=\"").find(|rest| rest.contains("compare=")).unwrap();
    let (address, _) = link.split_once("#difference\"").unwrap();
    let compared = get_from(&router, &address.replace("&#38;", "&").replace("&amp;", "&")).await;
    assert_eq!(compared.status, 200);
    assert!(compared.text.contains("What changed from 2026-10-01 to 2027-01-01"), "{}", compared.text);
    assert!(compared.text.contains("<del>at most 2 mg/dL</del>"), "{}", compared.text);
    assert!(compared.text.contains("<ins>at most 1.5 mg/dL</ins>"), "{}", compared.text);
}

const HOSTILE: &str =
    "<script>alert(1)</script><img src=x onerror=alert(1)> **b** [x](javascript:alert(1)) \\\" ' &lt;";

/// Whoever writes content can write anything; it is text.
#[tokio::test]
async fn whatever_content_says_is_text() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/next-drug");
    let (bundled, next) = (Files::bundled(), Files::read(&folder).unwrap());
    let hostile = |(path, text): (&str, &str)| {
        let mut text = text.to_owned();
        for key in ["title", "statement", "citation", "label", "description", "note", "settle"] {
            let lines = text.lines().map(|line| {
                match line.trim_start().strip_prefix("- ").unwrap_or(line.trim_start()) {
                    said if said.starts_with(&format!("{key}: "))
                        && !said.ends_with(">-")
                        && path.ends_with(".yaml") =>
                    {
                        let (before, _) = line.split_once(": ").unwrap();
                        format!("{before}: \"{HOSTILE}\"")
                    }
                    _ => line.to_owned(),
                }
            });
            text = lines.collect::<Vec<_>>().join("\n") + "\n";
        }
        let text = text.replace("\"display\": \"", "\"display\": \"<script>alert(2)</script>");
        (path.to_owned(), text)
    };
    let all =
        bundled.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).chain(next.iter().map(hostile));
    let content = Content::load(&all.collect()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let router = serving(content);
    for path in ["/policies", &format!("/policies/{}", next_policy()), "/"] {
        let page = get_from(&router, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.contains("&#60;script&#62;alert(1)"), "{path}: {}", page.text);
        for mark in ["<script>", "<img src=x", "href=\"javascript:"] {
            assert!(!page.text.contains(mark), "{path} holds {mark}");
        }
    }
}

/// As a browser takes them: compressed, with all that they load. The times are printed; the bound is far away, since this
/// is neither a release build nor a quiet machine.
#[tokio::test]
async fn pages_are_light() {
    let router = serving(content());
    let ids =
        content().policies.iter().map(|(policy, _)| format!("/policies/{}", policy.id)).collect::<Vec<_>>();
    let paths = ids.into_iter().chain(["/policies".to_owned()]);
    for path in paths {
        get_from(&router, &path).await;
        let begun = Instant::now();
        let page = get_from(&router, &path).await;
        let took = begun.elapsed();
        let mut weight = sent(&router, &path).await;
        for asset in page
            .text
            .split('"')
            .filter(|part| part.starts_with("/assets/"))
            .collect::<std::collections::BTreeSet<_>>()
        {
            weight += sent(&router, asset).await;
        }
        println!("{path}: {weight} bytes sent with all assets ({} of HTML), {took:?}", page.text.len());
        assert!(weight < 150_000, "{path} weighs {weight}");
        assert!(took.as_millis() < 1000, "{path} took {took:?}");
    }
}

/// Bytes of a body as a browser is sent it.
async fn sent(router: &axum::Router, path: &str) -> usize {
    let request = Request::get(path).header("accept", "text/html").header("accept-encoding", "gzip");
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip", "{path}");
    to_bytes(answer.into_body(), usize::MAX).await.unwrap().len()
}

/// What is published is for everybody; the rest is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_knows_its_clients_shows_policies_and_no_more() {
    let kept = Kept::new();
    let service = kept.told(&[KEY], CLIENT, "", at).await;
    for path in ["/policies".to_owned(), format!("/policies/{}", content().policies[0].0.id)] {
        let page = get_from(&service.router, &path).await;
        assert_eq!(page.status, 200, "{path}");
        for other in ["\"/try\"", "\"/journal\"", "\"/\""] {
            assert!(!page.text.contains(&format!("href={other}")), "{path} leads to {other}");
        }
    }
    for path in ["/", "/try", "/journal"] {
        assert_eq!(get_from(&service.router, path).await.status, 404, "{path}");
    }
    let unknown = get_from(&service.router, "/policies/none").await;
    assert!(unknown.status == 404 && !unknown.text.contains("href=\"/\""));
}
