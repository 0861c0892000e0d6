//! When the caller hangs up, work stops.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::support::{PATIENT_ENOUGH, SERVICE_PATH, Service, request, serve, without_prefetch};

#[test]
fn when_the_caller_hangs_up_the_requests_to_the_ehr_end() {
    let ehr = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/fhir", ehr.local_addr().unwrap());
    let (ended, came) = mpsc::channel();
    // An EHR that never answers, and says when a connection ends.
    thread::spawn(move || {
        for stream in ehr.incoming().flatten() {
            let ended = ended.clone();
            thread::spawn(move || {
                let mut stream = stream;
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
                let _ = ended.send(Instant::now());
            });
        }
    });
    let service = serve(Service::within(PATIENT_ENOUGH).router());
    let body = without_prefetch(request("neutrophils-low"), &base).to_string();
    let mut caller = TcpStream::connect(service).unwrap();
    let head = format!(
        "POST {SERVICE_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    caller.write_all(head.as_bytes()).unwrap();
    caller.write_all(body.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(500));
    assert!(came.try_recv().is_err(), "it waits for the EHR");
    let hung_up = Instant::now();
    drop(caller);
    let ended = came.recv_timeout(Duration::from_secs(3)).expect("the requests to the EHR end");
    assert!(ended.duration_since(hung_up) < Duration::from_secs(2));
}
