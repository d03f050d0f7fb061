//! What the gateway is told: a TOML file, then the environment, then flags. The last one to speak holds.

use crate::{api::Network, model::Delegation};
use hanse_chain::InstitutionId;
use serde::Deserialize;
use std::{
	collections::{BTreeMap, BTreeSet},
	fmt,
	net::SocketAddr,
	path::{Path, PathBuf},
};

/// All of it, as the file has it. Paths are relative to the file's folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
	/// The node's JSON-RPC, as in `ws://127.0.0.1:9944`. It keeps all states: an archive.
	pub node: String,
	/// `sqlite://FILE`, or `postgres://USER@HOST/NAME`.
	pub database: String,
	/// Where the API listens.
	pub listen: SocketAddr,
	/// Proxies in front of the API, whose `Forwarded` and `X-Forwarded-For` are believed.
	pub trusted_proxies: Vec<Network>,
	pub webhooks: Webhooks,
	pub pages: Pages,
	pub institutions: Vec<Institution>,
}

/// How webhooks are delivered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Webhooks {
	/// Whether endpoints may be in private networks and on this machine, and may speak HTTP without TLS.
	pub private_addresses: bool,
	/// Seconds within which an endpoint has to answer.
	pub timeout: u64,
}

/// The pages that browsers get: wallet, till and console.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
	/// The nodes that the pages ask, as customers reach them; [`Config::node`] if there are none.
	pub nodes: Vec<String>,
	/// Pages from this folder instead of those in the program.
	pub folder: Option<PathBuf>,
}

/// One institution that this process acts for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
	/// As the chain counts it.
	pub id: InstitutionId,
	/// Where the key is from which commitments of orders are made: `init` makes it.
	pub order_key: PathBuf,
	/// Where the key is from which tags of persons are made: the members share it.
	#[serde(default)]
	pub tag_key: Option<PathBuf>,
	/// The keys that it delegated to, each by what it may do.
	#[serde(default)]
	pub keys: BTreeMap<Delegation, KeySource>,
}

/// Where a delegate's key is: a file, or a URI on a development chain.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeySource {
	/// A key as polkadot-js exports it.
	pub file: Option<PathBuf>,
	/// The file whose first line is the passphrase.
	pub passphrase_file: Option<PathBuf>,
	/// The environment variable that is the passphrase.
	pub passphrase_env: Option<String>,
	/// The systemd credential (`LoadCredential=`) that is the passphrase.
	pub passphrase_credential: Option<String>,
	/// A seed phrase, or `//Alice//issue`: on development chains only.
	pub uri: Option<String>,
}

/// What flags and the environment say otherwise.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
	pub node: Option<String>,
	pub database: Option<String>,
	pub listen: Option<SocketAddr>,
	pub private_addresses: Option<bool>,
}

/// What is wrong, each with what to do about it.
#[derive(Debug)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.0.join("\n"))
	}
}

impl std::error::Error for ConfigError {}

impl From<String> for ConfigError {
	fn from(sentence: String) -> Self {
		Self(vec![sentence])
	}
}

impl Default for Config {
	fn default() -> Self {
		Self {
			node: "ws://127.0.0.1:9944".into(),
			database: "sqlite://gateway.db".into(),
			listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
			trusted_proxies: Vec::new(),
			webhooks: Webhooks::default(),
			pages: Pages::default(),
			institutions: Vec::new(),
		}
	}
}

impl Default for Webhooks {
	fn default() -> Self {
		Self { private_addresses: false, timeout: 15 }
	}
}

impl Config {
	/// Reads the file, lets `overrides` speak, and checks everything that can be checked without the chain.
	pub fn load(path: &Path, overrides: Overrides) -> Result<Self, ConfigError> {
		let text = std::fs::read_to_string(path).map_err(|error| {
			format!(
				"{} cannot be read ({error}): name the file by --config, or make one by `hanse-gateway init`",
				path.display()
			)
		})?;
		let folder = path.parent().unwrap_or(Path::new("."));
		Self::parse(&text, folder, overrides).map_err(|error| {
			ConfigError(error.0.iter().map(|fault| format!("{}: {fault}", path.display())).collect())
		})
	}

	/// The same from the file's text.
	pub fn parse(text: &str, folder: &Path, overrides: Overrides) -> Result<Self, ConfigError> {
		let mut config: Self = toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
		for institution in &mut config.institutions {
			institution.order_key = folder.join(&institution.order_key);
			institution.tag_key = institution.tag_key.take().map(|path| folder.join(path));
			for key in institution.keys.values_mut() {
				key.file = key.file.take().map(|path| folder.join(path));
				key.passphrase_file = key.passphrase_file.take().map(|path| folder.join(path));
			}
		}
		config.database = beside(&config.database, folder);
		config.pages.folder = config.pages.folder.take().map(|path| folder.join(path));
		config.node = overrides.node.unwrap_or(config.node);
		config.database = overrides.database.unwrap_or(config.database);
		config.listen = overrides.listen.unwrap_or(config.listen);
		config.webhooks.private_addresses =
			overrides.private_addresses.unwrap_or(config.webhooks.private_addresses);
		let faults = config.faults();
		if config.pages.nodes.is_empty() {
			config.pages.nodes = vec![config.node.clone()];
		}
		if faults.is_empty() { Ok(config) } else { Err(ConfigError(faults)) }
	}

	fn faults(&self) -> Vec<String> {
		let mut faults = Vec::new();
		if !self.node.starts_with("ws://") && !self.node.starts_with("wss://") {
			faults.push(format!("node = \"{}\" is no WebSocket: write it as ws://127.0.0.1:9944", self.node));
		}
		for node in no_nodes(&self.pages) {
			faults.push(format!(
				"pages.nodes has \"{node}\", which is no WebSocket: write it as wss://node.example, without path or spaces"
			));
		}
		if !["sqlite://", "postgres://", "postgresql://"].iter().any(|kind| self.database.starts_with(kind)) {
			faults.push(format!(
				"database = \"{}\" is none that the gateway knows: write sqlite://FILE or postgres://USER@HOST/NAME",
				self.database
			));
		}
		if !(1..=60).contains(&self.webhooks.timeout) {
			faults.push(format!("webhooks.timeout = {} is not from 1 to 60 seconds", self.webhooks.timeout));
		}
		let mut seen = BTreeSet::new();
		for institution in &self.institutions {
			if !seen.insert(institution.id) {
				faults.push(format!(
					"institution {} is there twice: put its keys into one [[institutions]]",
					institution.id
				));
			}
			for (delegation, key) in &institution.keys {
				let of = format!("institution {}'s key {}", institution.id, delegation.name());
				faults.extend(key.faults(&of));
			}
		}
		faults
	}

	/// What is said of one institution, if this process acts for it.
	pub fn institution(&self, id: InstitutionId) -> Option<&Institution> {
		self.institutions.iter().find(|institution| institution.id == id)
	}
}

/// Those of the pages' nodes that are no addresses: they become a part of what browsers are told to allow.
fn no_nodes(pages: &Pages) -> impl Iterator<Item = &String> {
	pages.nodes.iter().filter(|node| {
		let host = node.strip_prefix("wss://").or_else(|| node.strip_prefix("ws://")).unwrap_or_default();
		let host = host.strip_suffix('/').unwrap_or(host);
		host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c))
	})
}

impl KeySource {
	fn faults(&self, of: &str) -> Vec<String> {
		let passphrases = [&self.passphrase_env, &self.passphrase_credential].into_iter().flatten().count()
			+ usize::from(self.passphrase_file.is_some());
		match (&self.file, &self.uri, passphrases) {
			(Some(_), None, 1) | (None, Some(_), 0) => vec![],
			(Some(_), None, 0) => vec![format!(
				"{of} has no passphrase: add passphrase_file, passphrase_env or passphrase_credential"
			)],
			(Some(_), None, _) => vec![format!("{of} has more than one passphrase: leave one of them")],
			(Some(_), Some(_), _) => vec![format!("{of} has both file and uri: leave one of them")],
			(None, Some(_), _) => vec![format!("{of} is a uri, which takes no passphrase: leave it out")],
			(None, None, _) => vec![format!("{of} is nowhere: add file, or uri on a development chain")],
		}
	}
}

/// A database in a file is beside the configuration, unless its path is absolute.
fn beside(database: &str, folder: &Path) -> String {
	match database.strip_prefix("sqlite://") {
		Some(path) if !path.starts_with('/') && !path.starts_with(':') => {
			format!("sqlite://{}", folder.join(path).display())
		},
		_ => database.to_owned(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn parse(text: &str) -> Result<Config, ConfigError> {
		Config::parse(text, Path::new("/etc/hanse"), Overrides::default())
	}

	#[test]
	fn an_empty_file_is_a_reader_beside_a_node_on_this_machine() {
		let config = parse("").unwrap();
		assert_eq!(config.node, "ws://127.0.0.1:9944");
		assert_eq!(config.database, "sqlite:///etc/hanse/gateway.db");
		assert!(config.institutions.is_empty());
	}

	#[test]
	fn paths_are_beside_the_file_unless_they_are_absolute() {
		let config = parse(
			"[[institutions]]\nid = 1\norder_key = \"keys/order.key\"\n\
			 [institutions.keys.issue]\nfile = \"/secret/issue.json\"\npassphrase_env = \"PASS\"\n",
		)
		.unwrap();
		let institution = config.institution(1).unwrap();
		assert_eq!(institution.order_key, Path::new("/etc/hanse/keys/order.key"));
		assert_eq!(
			institution.keys[&Delegation::Issue].file.as_deref(),
			Some(Path::new("/secret/issue.json"))
		);
	}

	#[test]
	fn flags_hold_against_the_file() {
		let overrides = Overrides { node: Some("ws://other:1".into()), ..Overrides::default() };
		let config = Config::parse("node = \"ws://file:1\"", Path::new("."), overrides).unwrap();
		assert_eq!(config.node, "ws://other:1");
	}

	#[test]
	fn pages_ask_the_gateways_node_unless_others_are_named() {
		assert_eq!(parse("node = \"ws://n:1\"").unwrap().pages.nodes, ["ws://n:1"]);
		let config = parse("[pages]\nnodes = [\"wss://a.example\", \"wss://b.example:443/\"]").unwrap();
		assert_eq!(config.pages.nodes.len(), 2);
		for bad in ["https://a", "wss://", "wss://a; script-src *", "wss://a/x", "wss://*"] {
			assert!(parse(&format!("[pages]\nnodes = [\"{bad}\"]")).is_err(), "{bad}");
		}
	}

	#[test]
	fn all_faults_are_said_at_once_and_say_what_to_do() {
		let faults = parse(
			"node = \"http://x\"\n[[institutions]]\nid = 1\norder_key = \"o\"\n\
			 [institutions.keys.issue]\nfile = \"i\"\n[[institutions]]\nid = 1\norder_key = \"o\"\n",
		)
		.unwrap_err()
		.0;
		assert_eq!(faults.len(), 3, "{faults:?}");
		assert!(faults[0].contains("write it as ws://"));
		assert!(faults[1].contains("issue has no passphrase: add"));
		assert!(faults[2].contains("twice"));
	}

	#[test]
	fn a_proxy_is_an_address_or_a_network() {
		assert_eq!(parse("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]").unwrap().trusted_proxies.len(), 2);
		assert!(
			parse("trusted_proxies = [\"proxy\"]").unwrap_err().to_string().contains("proxy is no network")
		);
	}

	#[test]
	fn an_unknown_word_is_named() {
		assert!(parse("nodee = \"ws://x\"").unwrap_err().to_string().contains("nodee"));
	}
}
