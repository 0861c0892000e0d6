//! What holds for every input.

use crate::body::valid;
use hooks::{HookRequest, OrderSignContext};
use proptest::{collection::vec, prelude::*};
use serde_json::value::RawValue;

fn read(body: &[u8]) {
    if let Ok(request) = HookRequest::read(body) {
        let _ = OrderSignContext::read(&request);
    }
}

/// Pieces that a JSON reader trips over.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "null",
        "true",
        "1",
        "1.0e9",
        "-",
        "\\ud800",
        "\\u0000",
        " ",
        "\"hook\"",
        "\"context\"",
        "\"prefetch\"",
        "\"resourceType\"",
        "\"Bundle\"",
        "\"draftOrders\"",
        "\"$serde_json::private::Number\"",
        "\"$serde_json::private::RawValue\"",
    ])
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in vec(any::<u8>(), 0..300)) {
        read(&body);
    }

    #[test]
    fn no_pieces_of_json_make_it_panic(body in vec(piece(), 0..40)) {
        read(body.concat().as_bytes());
    }

    #[test]
    fn no_broken_request_makes_it_panic(at in any::<prop::sample::Index>(), cut in 0..20usize, put in vec(any::<u8>(), 0..8)) {
        let mut body = valid().to_string().into_bytes();
        let start = at.index(body.len());
        let end = (start + cut).min(body.len());
        body.splice(start..end, put);
        read(&body);
    }

    /// A valid request with one piece put into it is read only if it is still JSON.
    #[test]
    fn what_is_read_is_valid_json(at in any::<prop::sample::Index>(), put in piece()) {
        let mut body = valid().to_string();
        let start = at.index(body.len());
        body.insert_str(start, put);
        if HookRequest::read(body.as_bytes()).is_ok() {
            prop_assert!(serde_json::from_str::<Box<RawValue>>(&body).is_ok());
        }
    }
}
