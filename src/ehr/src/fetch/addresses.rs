//! Which network addresses may be called, also after a name was resolved.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Kinds of addresses that are refused unless they are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addresses {
    /// This machine, by `localhost` or a loopback address written out; a name that resolves to it is never allowed.
    pub loopback: bool,
    /// Private networks (RFC 1918, RFC 6598, RFC 4193): where most hospitals' servers are.
    pub private: bool,
}

/// A name or address that must not be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address is not one that may be called")]
pub(super) struct AddressRefused;

impl Addresses {
    /// Whether an address may be called that stands in the URL, or that a name stands for.
    pub(super) fn admit(self, address: IpAddr, is_local_name: bool) -> bool {
        match address.to_canonical() {
            local if local.is_loopback() => self.loopback && is_local_name,
            _ if is_local_name => false,
            IpAddr::V4(v4) => self.admit_v4(v4),
            IpAddr::V6(v6) => self.admit_v6(v6),
        }
    }

    /// Of the addresses that a name stands for at this moment, those that may be called.
    fn admitted(
        self,
        name: &str,
        found: impl Iterator<Item = SocketAddr>,
    ) -> Result<Vec<SocketAddr>, AddressRefused> {
        let is_local = is_local_name(name);
        let admitted: Vec<SocketAddr> = found.filter(|address| self.admit(address.ip(), is_local)).collect();
        if admitted.is_empty() { Err(AddressRefused) } else { Ok(admitted) }
    }

    fn admit_v4(self, v4: Ipv4Addr) -> bool {
        let [first, second, ..] = v4.octets();
        let is_never_a_server = v4.is_link_local()
            || v4.is_multicast()
            || v4.is_documentation()
            || first == 0
            || first >= 240
            || (first, second) == (198, 18)
            || (first, second) == (198, 19);
        // RFC 6598: addresses behind a carrier's or a cloud's translation.
        let is_shared = first == 100 && (64..128).contains(&second);
        !is_never_a_server && (self.private || !(v4.is_private() || is_shared))
    }

    fn admit_v6(self, v6: Ipv6Addr) -> bool {
        let [first, second, ..] = v6.segments();
        // NAT64, 6to4 and Teredo carry an IPv4 address that would have to be checked by whoever unpacks it.
        let carries_v4 =
            (first, second) == (0x64, 0xff9b) || first == 0x2002 || (first, second) == (0x2001, 0);
        let is_never_a_server = v6.is_unspecified()
            || v6.is_multicast()
            || v6.is_unicast_link_local()
            || carries_v4
            // IPv4-compatible, discard-only and documentation.
            || matches!((first, second), (0, _) | (0x100, _) | (0x2001, 0xdb8));
        let is_private = v6.is_unique_local() || (first & 0xffc0) == 0xfec0;
        !is_never_a_server && (self.private || !is_private)
    }
}

/// `localhost` and below (RFC 6761): names that no name server answers for.
pub(super) fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Resolves names with the system's resolver, and hands out those addresses only that may be called: a name that pointed
/// elsewhere when it was checked cannot be turned to a machine of our own network afterwards.
impl Resolve for Addresses {
    fn resolve(&self, name: Name) -> Resolving {
        let addresses = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted = addresses.admitted(name.as_str(), found)?;
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.loopback, self.private) {
            (false, false) => "public addresses only",
            (true, false) => "public addresses and this machine",
            (false, true) => "public and private addresses",
            (true, true) => "public and private addresses, and this machine",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called_unless_others_are_allowed() {
        let closed = Addresses::default();
        let open = Addresses { loopback: true, private: false };
        let inside = Addresses { loopback: false, private: true };
        let rows = [
            ("8.8.8.8", [true, true, true]),
            ("127.0.0.1", [false, false, false]),
            ("10.0.0.1", [false, false, true]),
            ("172.16.0.1", [false, false, true]),
            ("172.32.0.1", [true, true, true]),
            ("192.168.1.1", [false, false, true]),
            ("100.64.0.1", [false, false, true]),
            ("169.254.169.254", [false, false, false]),
            ("0.0.0.0", [false, false, false]),
            ("224.0.0.1", [false, false, false]),
            ("255.255.255.255", [false, false, false]),
            ("::1", [false, false, false]),
            ("::ffff:127.0.0.1", [false, false, false]),
            ("::ffff:10.0.0.1", [false, false, true]),
            ("::ffff:169.254.169.254", [false, false, false]),
            ("::127.0.0.1", [false, false, false]),
            ("64:ff9b::7f00:1", [false, false, false]),
            ("2002:7f00:1::", [false, false, false]),
            ("fe80::1", [false, false, false]),
            ("fd00::1", [false, false, true]),
            ("2606:4700::1", [true, true, true]),
        ];
        for (address, expected) in rows {
            let address: IpAddr = address.parse().expect("an address");
            let found = [closed, open, inside].map(|addresses| addresses.admit(address, false));
            assert_eq!(found, expected, "{address}");
        }
        // A name that stands for something else by the time that it is called.
        let resolved = |addresses: Addresses, name: &str, found: &[&str]| {
            let found = found.iter().map(|ip| SocketAddr::new(ip.parse().expect("an address"), 443));
            addresses.admitted(name, found).map(|admitted| admitted.len()).ok()
        };
        assert_eq!(resolved(open, "ehr.example.org", &["8.8.8.8"]), Some(1));
        assert_eq!(resolved(open, "ehr.example.org", &["127.0.0.1", "::1"]), None);
        assert_eq!(resolved(open, "ehr.example.org", &["127.0.0.1", "8.8.8.8", "169.254.169.254"]), Some(1));
        assert_eq!(resolved(closed, "ehr.example.org", &["10.0.0.1"]), None);
        assert_eq!(resolved(open, "localhost", &["127.0.0.1", "::1"]), Some(2));
        assert_eq!(resolved(open, "localhost", &["8.8.8.8"]), None);
        let local: IpAddr = "127.0.0.1".parse().expect("an address");
        assert!(open.admit(local, true) && !closed.admit(local, true) && !inside.admit(local, true));
        let elsewhere: IpAddr = "8.8.8.8".parse().expect("an address");
        assert!(!open.admit(elsewhere, true), "`localhost` is this machine or nothing");
    }
}
