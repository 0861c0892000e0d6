//! Search as a small FHIR server does it: the parameters that our templates use, paging and `_include`.

use serde_json::{Value, json};

use super::store::Store;

/// The page size that nobody asked for.
const DEFAULT_PAGE: usize = 20;

/// The largest page that is granted.
const LARGEST_PAGE: usize = 500;

/// The parameter that `next` links carry: how many matches came before.
const OFFSET: &str = "_offset";

/// The parameters that are understood, for the CapabilityStatement.
pub(super) const PARAMETERS: [&str; 5] = ["patient", "subject", "code", "status", "practitioner"];

/// A search as it was asked.
#[derive(Debug)]
pub(super) struct Query<'q> {
    pub(super) kind: &'q str,
    pub(super) parameters: Vec<(String, String)>,
}

impl<'q> Query<'q> {
    pub(super) fn new(kind: &'q str, query: &str) -> Self {
        let parameters = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { kind, parameters }
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.parameters.iter().find(|(own, _)| own == name).and_then(|(_, value)| value.parse().ok())
    }

    /// The page as a searchset, at most so many matches long.
    pub(super) fn page(&self, store: &Store, base: &str, longest: Option<usize>) -> Value {
        let size = self.number("_count").unwrap_or(DEFAULT_PAGE).clamp(1, longest.unwrap_or(LARGEST_PAGE));
        let offset = self.number(OFFSET).unwrap_or(0);
        let found: Vec<&Value> = store.all(self.kind).filter(|resource| self.matches(resource)).collect();
        let page: Vec<&Value> = found.iter().skip(offset).take(size).copied().collect();
        let mut links = vec![link("self", &self.url(base, None))];
        if offset + size < found.len() {
            links.push(link("next", &self.url(base, Some(offset + size))));
        }
        let included = page.iter().flat_map(|resource| self.included(store, resource));
        let entries: Vec<Value> = page
            .iter()
            .map(|resource| entry(base, resource, "match"))
            .chain(included.map(|resource| entry(base, resource, "include")))
            .collect();
        let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "link": links });
        // FHIR has no empty arrays.
        if let (false, Some(members)) = (entries.is_empty(), bundle.as_object_mut()) {
            members.insert("entry".into(), entries.into());
        }
        bundle
    }

    /// The address of the search, or of its page from an offset on, with the parameters that were used.
    fn url(&self, base: &str, offset: Option<usize>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let used = |name: &str| {
            PARAMETERS.contains(&name) || matches!(name, "_id" | "_count" | "_include" | "_revinclude")
        };
        query.extend_pairs(self.parameters.iter().filter(|(name, _)| used(name)));
        if let Some(offset) = offset {
            query.append_pair(OFFSET, &offset.to_string());
        }
        format!("{base}/{}?{}", self.kind, query.finish())
    }

    /// Whether a resource fits all parameters that are understood; others are passed over, as FHIR lets servers do.
    fn matches(&self, resource: &Value) -> bool {
        self.parameters.iter().all(|(name, value)| {
            let any = |is_it: &dyn Fn(&str) -> bool| value.split(',').any(is_it);
            match name.as_str() {
                "patient" | "subject" => any(&|one| is_of(resource, one)),
                "practitioner" => any(&|one| {
                    reference(resource, "practitioner")
                        .is_some_and(|own| is_reference(own, "Practitioner", one))
                }),
                "status" => any(&|one| resource.get("status").and_then(Value::as_str) == Some(one)),
                "_id" => any(&|one| resource.get("id").and_then(Value::as_str) == Some(one)),
                "code" => any(&|one| has_code(resource, one)),
                _ => true,
            }
        })
    }

    /// What `_include=Type:parameter` and `_revinclude=Type:patient` ask for beside a match.
    fn included<'s>(&self, store: &'s Store, resource: &Value) -> Vec<&'s Value> {
        let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
        let kinds = self.parameters.iter().filter(|(name, _)| name == "_revinclude");
        let kinds = kinds.filter_map(|(_, value)| value.strip_suffix(":patient"));
        let of_it = kinds.flat_map(|kind| store.all(kind)).filter(|one| is_of(one, id));
        let asked = self.parameters.iter().filter(|(name, _)| name == "_include");
        let elements =
            asked.filter_map(|(_, value)| value.split(':').nth(1)).map(|parameter| match parameter {
                "medication" => "medicationReference",
                other => other,
            });
        of_it.chain(elements.filter_map(|element| store.follow(reference(resource, element)?))).collect()
    }
}

fn reference<'v>(resource: &'v Value, member: &str) -> Option<&'v str> {
    resource.get(member)?.get("reference")?.as_str()
}

/// Whether a resource is about a patient, given as `id` or `Patient/id`.
fn is_of(resource: &Value, patient: &str) -> bool {
    let of = ["subject", "patient", "beneficiary"].map(|member| reference(resource, member));
    of.into_iter().flatten().any(|own| is_reference(own, "Patient", patient))
}

fn is_reference(own: &str, kind: &str, asked: &str) -> bool {
    own == asked || own.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')) == Some(asked)
}

/// `code`, or `system|code`.
fn has_code(resource: &Value, token: &str) -> bool {
    let codings = resource.get("code").and_then(|code| code.get("coding")).and_then(Value::as_array);
    codings.into_iter().flatten().any(|coding| {
        let member = |name: &str| coding.get(name).and_then(Value::as_str);
        match token.split_once('|') {
            Some((system, code)) => member("system") == Some(system) && member("code") == Some(code),
            None => member("code") == Some(token),
        }
    })
}

fn link(relation: &str, url: &str) -> Value {
    json!({ "relation": relation, "url": url })
}

/// An entry of a searchset.
pub(super) fn entry(base: &str, resource: &Value, mode: &str) -> Value {
    let member = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
    let full_url = format!("{base}/{}/{}", member("resourceType"), member("id"));
    json!({ "fullUrl": full_url, "resource": resource, "search": { "mode": mode } })
}
