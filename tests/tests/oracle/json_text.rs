//! Strategies that write JSON as text, so that escapes, the spelling of numbers, white space and the order of members
//! vary as they do between senders.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// JSON as text.
pub type Json = BoxedStrategy<String>;
/// A member of an object, where it is there.
pub type Member = BoxedStrategy<Vec<(&'static str, String)>>;

/// How a character is written, where JSON leaves the choice.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Plain,
    Short,
    Unicode,
}

fn spelled(character: char, spelling: Spelling) -> String {
    let short = match character {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '/' => Some("\\/"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        _ => None,
    };
    let must_escape = character != '/' && short.is_some();
    match (spelling, short) {
        (Spelling::Unicode, _) => {
            character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect()
        }
        (Spelling::Short, Some(short)) => short.to_owned(),
        (Spelling::Plain, Some(short)) if must_escape => short.to_owned(),
        _ => character.to_string(),
    }
}

fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        6 => proptest::char::range(' ', '~'),
        1 => select(vec!['\n', '\r', '\t', '"', '\\', '/', 'µ', 'é', '\u{a0}', '\u{2028}', '\u{feff}', '\u{1f489}']),
        1 => proptest::char::range('\u{a1}', '\u{d7ff}'),
    ]
}

fn quoted(characters: impl IntoIterator<Item = (char, Spelling)>) -> String {
    let text: String =
        characters.into_iter().map(|(character, spelling)| spelled(character, spelling)).collect();
    format!("\"{text}\"")
}

/// A FHIR string: any Unicode, never blank.
pub fn text() -> Json {
    let spelling =
        prop_oneof![6 => Just(Spelling::Plain), 1 => Just(Spelling::Short), 1 => Just(Spelling::Unicode)];
    vec((character(), spelling), 1..10)
        .prop_filter("blank", |text| text.iter().any(|(character, _)| !character.is_whitespace()))
        .prop_map(quoted)
        .boxed()
}

/// A text of this form, now and then with escapes that it does not need.
pub fn like(pattern: &'static str) -> Json {
    (pattern, prop_oneof![9 => Just(Spelling::Plain), 1 => Just(Spelling::Unicode)])
        .prop_map(|(text, spelling)| quoted(text.chars().map(|character| (character, spelling))))
        .boxed()
}

/// One of these codes.
pub fn code<const N: usize>(codes: [&'static str; N]) -> Json {
    select(codes.to_vec()).prop_map(|code| format!("\"{code}\"")).boxed()
}

/// A FHIR decimal: trailing zeros, exponents and more digits than a float holds. But no whole number from 2^63 up to
/// 2^64, which fhirbolt 0.4 reads as a negative one.
pub fn decimal() -> Json {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,24})?([eE][+-]?[0-9]{1,2})?",
        "(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?",
        select(vec!["1.00", "0.1e3", "0", "-0.0", "100000000000000000000.000000000000000000001"])
            .prop_map(str::to_owned),
    ]
    .prop_filter("misread by fhirbolt", |text: &String| {
        !text.parse().is_ok_and(|number: u64| number > i64::MAX as u64)
    })
    .boxed()
}

/// A FHIR integer.
pub fn integer() -> Json {
    "(0|-?[1-9][0-9]{0,8})".boxed()
}

/// A FHIR positiveInt.
pub fn positive() -> Json {
    "[1-9][0-9]{0,5}".boxed()
}

/// A FHIR boolean.
pub fn flag() -> Json {
    any::<bool>().prop_map(|flag| flag.to_string()).boxed()
}

/// A FHIR date or dateTime, often a partial one.
pub fn date_time() -> Json {
    like(
        "(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]))?)?)?",
    )
}

/// A FHIR instant.
pub fn instant() -> Json {
    like(
        "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])",
    )
}

/// A FHIR date, often a partial one.
pub fn date() -> Json {
    like("(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?")
}

/// A FHIR id.
pub fn id() -> Json {
    like("[A-Za-z0-9.-]{1,20}")
}

/// An array of one to three; an empty array is not valid FHIR.
pub fn many(item: Json) -> Json {
    vec(item, 1..=3).prop_map(|items| format!("[{}]", items.join(", "))).boxed()
}

/// A member that is always there.
pub fn required(name: &'static str, value: Json) -> Member {
    value.prop_map(move |value| vec![(name, value)]).boxed()
}

/// A member that is there or not.
pub fn optional(name: &'static str, value: Json) -> Member {
    option::of(value).prop_map(move |value| value.into_iter().map(|value| (name, value)).collect()).boxed()
}

/// Exactly one of these members (FHIR's `value[x]`).
pub fn one_of<const N: usize>(choices: [(&'static str, Json); N]) -> Member {
    proptest::strategy::Union::new(choices.map(|(name, value)| required(name, value))).boxed()
}

/// At most one of these members.
pub fn at_most_one_of<const N: usize>(choices: [(&'static str, Json); N]) -> Member {
    prop_oneof![1 => Just(Vec::new()), 6 => one_of(choices)].boxed()
}

/// An object with its members in any order, spread over lines or not.
pub fn object(members: Vec<Member>) -> Json {
    let space = select(vec!["", " ", "\n\t", "\r\n  "]);
    let members = members.prop_map(|members| members.concat()).prop_shuffle();
    (members, space)
        .prop_map(|(members, space)| {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{space}\"{name}\"{space}:{space}{value}"))
                .collect();
            format!("{{{}{space}}}", members.join(","))
        })
        .boxed()
}

/// An object of optional members; FHIR has no empty objects, so there is one member at least.
pub fn some_of(members: Vec<(&'static str, Json)>) -> Json {
    let any: Vec<Member> = members.iter().map(|(name, value)| required(name, value.clone())).collect();
    let (first, rest) = members.split_first().unwrap();
    let mut full = vec![required(first.0, first.1.clone())];
    full.extend(rest.iter().map(|(name, value)| optional(name, value.clone())));
    let alone = object(vec![proptest::strategy::Union::new(any).boxed()]);
    prop_oneof![3 => object(full), 1 => alone].boxed()
}
