//! A network for each process: a network namespace with one link to a bridge of this machine. Everything that
//! a process needs listens on that bridge. Needs root and `ip`.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;

/// The networks are removed when this is dropped.
pub(super) struct Networks {
    bridge: String,
    address: Ipv4Addr,
    /// For each process, the name of this machine's end of its link.
    links: BTreeMap<&'static str, String>,
}

impl Networks {
    pub(super) fn new() -> Result<Self> {
        let number = std::process::id();
        // From the address range that is reserved for benchmarks and tests of networks.
        let [.., part] = number.to_be_bytes();
        let networks = Self {
            bridge: format!("bots{number}"),
            address: Ipv4Addr::new(198, 18, part, 1),
            links: BTreeMap::new(),
        };
        let Self {
            bridge, address, ..
        } = &networks;
        ip(&format!("link add {bridge} type bridge")).map_err(|error| {
            format!("network namespaces need root and `ip` of the package iproute2: {error}")
        })?;
        ip(&format!("address add {address}/24 dev {bridge}"))?;
        ip(&format!("link set {bridge} up"))?;
        Ok(networks)
    }

    /// The address at which the processes reach this machine.
    pub(super) fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// Creates a program in this folder that runs `program` in this process's network.
    pub(super) fn inside(
        &mut self,
        name: &'static str,
        folder: &Path,
        program: &Path,
    ) -> Result<PathBuf> {
        let space = self.space(name);
        if !self.links.contains_key(name) {
            let Self {
                bridge, address, ..
            } = &*self;
            let link = format!("{bridge}{name}");
            let [a, b, c, last] = address.octets();
            let own = Ipv4Addr::new(a, b, c, last + 1 + u8::try_from(self.links.len())?);
            ip(&format!("netns add {space}"))?;
            self.links.insert(name, link.clone());
            let bridge = &self.bridge;
            ip(&format!(
                "link add {link} type veth peer name eth0 netns {space}"
            ))?;
            ip(&format!("link set {link} master {bridge} up"))?;
            ip(&format!("-n {space} address add {own}/24 dev eth0"))?;
            ip(&format!("-n {space} link set eth0 up"))?;
        }
        let script = format!(
            "#!/bin/sh\nexec ip netns exec {space} {} \"$@\"\n",
            program.display()
        );
        let path = folder.join("in-its-network");
        std::fs::write(&path, script)?;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700))?;
        Ok(path)
    }

    /// Takes the link of a process up or down. While it is down, packets are lost without an error.
    pub(super) fn set_link(&self, name: &str, is_up: bool) -> Result {
        let link = &self.links[name];
        let state = if is_up { "up" } else { "down" };
        ip(&format!("link set {link} {state}"))
    }

    fn space(&self, name: &str) -> String {
        format!("{}-{name}", self.bridge)
    }
}

impl Drop for Networks {
    fn drop(&mut self) {
        // Errors are ignored: a link that was not created cannot be removed.
        for (name, link) in &self.links {
            let _ = ip(&format!("link delete {link}"));
            let _ = ip(&format!("netns delete {}", self.space(name)));
        }
        let _ = ip(&format!("link delete {}", self.bridge));
    }
}

fn ip(arguments: &str) -> Result {
    let output = Command::new("ip")
        .args(arguments.split_ascii_whitespace())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(format!("ip {arguments}: {}", error.trim()).into())
}
