//! Each CDS Client has its own servers, and nothing that was read for one serves another.

use std::time::Duration;

use ehr::fetch::{Addresses, Bases, Client};
use signpost::ehr_access::{Deadline, EhrAccess};

use super::support::{Ehr, OPEN, PATIENT_ENOUGH, Service, access_keeping, request, without_prefetch};

const NAME: &str = "policy-a-ii-a-third-line-monotherapy";

fn bases(listed: &str) -> Bases {
    Bases::new(&[listed.to_owned()], Addresses::default()).unwrap()
}

#[test]
fn a_client_reaches_its_own_servers_only() {
    let client = Client::new(Addresses::default()).unwrap();
    let open = EhrAccess::new(client, Bases::default(), Deadline::try_from(300).unwrap());
    // Hosts that nobody has (RFC 6761): one that may be called does not answer.
    let (north, south) = ("https://north.invalid/fhir", "https://south.invalid/fhir");
    let clients = [
        ("north", open.for_client("north", bases(north))),
        ("south", open.for_client("south", bases(south))),
    ];
    for (name, access) in clients {
        let service = Service::of(access);
        for server in [north, south] {
            let answer = service.post(&without_prefetch(request(NAME), server)).text();
            let is_refused = answer.contains("not one that may be called");
            assert_eq!(is_refused, !server.contains(name), "{name} {server}: {answer}");
        }
    }
    let answer = Service::of(open).post(&without_prefetch(request(NAME), north)).text();
    assert!(answer.contains("not one that may be called"), "a client's servers are not everybody's");
}

/// The same patient, user and token at the same server, for another client.
#[test]
fn what_was_read_for_one_client_does_not_serve_another() {
    let (ehr, access) = (Ehr::demo(), access_keeping(Duration::from_secs(30)));
    let of = |name| Service::of(access.for_client(name, Bases::new(&[], OPEN).unwrap()));
    let body = without_prefetch(request(NAME), &ehr.base());
    let asked_by = |name| {
        let answer = of(name).post(&body);
        assert_eq!(answer.bytes, Service::within(PATIENT_ENOUGH).post(&request(NAME)).bytes);
        ehr.asked().len()
    };
    assert!(asked_by("north") > 0);
    assert_eq!(asked_by("north"), 0, "the moment is shared by the calls of one client");
    assert!(asked_by("south") > 0, "and by no others");
}

#[test]
fn a_deadline_is_a_number_of_milliseconds_that_makes_sense() {
    for (ms, is_one) in
        [(0, false), (1, true), (4000, true), (60_000, true), (60_001, false), (u64::MAX, false)]
    {
        assert_eq!(Deadline::try_from(ms).is_ok(), is_one, "{ms}");
    }
    assert_eq!(Deadline::default(), Deadline::try_from(4000).unwrap());
    assert_eq!("250".parse(), Deadline::try_from(250));
    assert!("soon".parse::<Deadline>().is_err());
}
