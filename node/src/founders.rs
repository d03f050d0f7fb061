//! Who may found a live chain, and with which keys a node agrees to run one.
//!
//! GRANDPA tolerates one faulty authority from four on, so a live chain has at least four. A development
//! key among them, or one key in two hands, would make that number a pretence.

use codec::Decode;
use hanse_primitives::{names, MIN_AUTHORITIES};
use hanse_runtime::{
	genesis_presets::{keys, Founder},
	Rules,
};
use sc_consensus_grandpa::AuthorityId as GrandpaId;
use sc_service::{ChainSpec, ChainType};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::{crypto::DEV_PHRASE, ed25519, sr25519, storage::Storage, Pair};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use std::{
	collections::HashSet,
	error::Error,
	fmt::{self, Display},
	fs,
	path::Path,
};

/// Why a live chain is not founded, or not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
	/// There are fewer of them than a live chain needs.
	TooFew { what: &'static str, found: usize },
	/// A founder's name is none that the chain accepts.
	BadName { name: String },
	/// Two founders would be called the same, or what looks the same.
	DuplicateName { name: String },
	/// A key appears twice, be it with two founders or in two roles of one.
	DuplicateKey { role: &'static str, key: String },
	/// Everybody has the secret to this key.
	WellKnownKey { role: &'static str, key: String },
	/// The file is not a list of founders.
	BadFile { file: String, reason: String },
	/// A rule is outside the hard bounds that amendments keep to.
	BadRule { rule: String },
	/// The runtime does not accept the genesis, or it cannot be read.
	BadGenesis { reason: String },
}

impl Display for Refusal {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::TooFew { what, found } => {
				write!(f, "a live chain needs at least {MIN_AUTHORITIES} {what}, not {found}")
			},
			Self::BadName { name } => write!(
				f,
				"the name {name:?} is not 1 to 32 bytes of letters and digits of one script with punctuation and \
				 single spaces between them, in normal form C and with nothing invisible"
			),
			Self::DuplicateName { name } => {
				write!(f, "two founders are called `{name}`, or what looks like it")
			},
			Self::DuplicateKey { role, key } => {
				write!(f, "{role} {key} is used twice; every founder needs its own key for every role")
			},
			Self::WellKnownKey { role, key } => {
				write!(f, "{role} {key} is a development key, whose secret everybody has")
			},
			Self::BadFile { file, reason } => write!(f, "`{file}` is not a list of founders: {reason}"),
			Self::BadRule { rule } => {
				write!(f, "the rule {rule} is outside its hard bounds, which only development chains may be")
			},
			Self::BadGenesis { reason } => write!(f, "the genesis of this chain is not usable: {reason}"),
		}
	}
}

impl Error for Refusal {}

impl From<Refusal> for sc_cli::Error {
	fn from(refusal: Refusal) -> Self {
		Self::Application(Box::new(refusal))
	}
}

/// Reads a founders file and checks what it says.
pub fn read(file: &Path) -> Result<Vec<Founder>, Refusal> {
	let bad = |reason: String| Refusal::BadFile { file: file.display().to_string(), reason };
	let text = fs::read_to_string(file).map_err(|error| bad(error.to_string()))?;
	let founders: Vec<Founder> = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
	check(&founders)?;
	Ok(founders)
}

/// Refuses a list of founders that must not found a live chain.
fn check(founders: &[Founder]) -> Result<(), Refusal> {
	enough("founders", founders.len())?;
	let mut taken = HashSet::new();
	for Founder { name, .. } in founders {
		if names::name(name.as_bytes()).is_none() {
			return Err(Refusal::BadName { name: name.clone() });
		}
		if !names::readings(name.as_bytes()).into_iter().all(|reading| taken.insert(reading)) {
			return Err(Refusal::DuplicateName { name: name.clone() });
		}
	}
	let keys = founders.iter().flat_map(|founder| {
		[
			Key::new("account", &founder.account),
			Key::new("Aura key", &founder.aura),
			Key::new("GRANDPA key", &founder.grandpa),
		]
	});
	check_keys(keys)
}

/// Refuses to run a chain that is not for development when its first authorities are too few, when somebody
/// else has their keys, or when it begins with rules that no amendment could lead to. The specification may come from
/// anywhere, so its genesis is asked.
pub fn check_genesis(spec: &dyn ChainSpec) -> Result<(), Refusal> {
	if matches!(spec.chain_type(), ChainType::Development | ChainType::Local) {
		return Ok(());
	}
	let genesis =
		spec.as_storage_builder().build_storage().map_err(|reason| Refusal::BadGenesis { reason })?;
	check_authorities(&genesis)?;
	check_rules(&genesis)
}

fn check_rules(genesis: &Storage) -> Result<(), Refusal> {
	let rules: Rules = stored(genesis, keys::rules(), "rules")?
		.ok_or_else(|| Refusal::BadGenesis { reason: "there are no rules".into() })?;
	rules.within_bounds().map_err(|rule| Refusal::BadRule { rule: format!("{rule:?}") })
}

fn check_authorities(genesis: &Storage) -> Result<(), Refusal> {
	let aura: Vec<AuraId> = stored(genesis, keys::aura(), "Aura authorities")?.unwrap_or_default();
	let grandpa: Vec<(GrandpaId, u64)> =
		stored(genesis, keys::grandpa(), "GRANDPA authorities")?.unwrap_or_default();
	enough("Aura authorities", aura.len())?;
	enough("GRANDPA authorities", grandpa.len())?;
	let aura = aura.iter().map(|key| Key::new("Aura key", key));
	let grandpa = grandpa.iter().map(|(key, _)| Key::new("GRANDPA key", key));
	check_keys(aura.chain(grandpa))
}

/// What a genesis holds under a key, if it holds anything there.
fn stored<T: Decode>(genesis: &Storage, key: [u8; 32], what: &str) -> Result<Option<T>, Refusal> {
	let decoded = genesis.top.get(&key[..]).map(|encoded| T::decode(&mut encoded.as_slice()));
	decoded.transpose().map_err(|error| Refusal::BadGenesis { reason: format!("{what}: {error}") })
}

fn enough(what: &'static str, found: usize) -> Result<(), Refusal> {
	if found < MIN_AUTHORITIES as usize {
		return Err(Refusal::TooFew { what, found });
	}
	Ok(())
}

/// A public key with what it is for.
struct Key<'a> {
	role: &'static str,
	bytes: &'a [u8],
	shown: String,
}

impl<'a> Key<'a> {
	fn new<K: AsRef<[u8]> + Display>(role: &'static str, key: &'a K) -> Self {
		Self { role, bytes: key.as_ref(), shown: key.to_string() }
	}
}

fn check_keys<'a>(keys: impl Iterator<Item = Key<'a>>) -> Result<(), Refusal> {
	let well_known = well_known_keys();
	let mut seen = HashSet::new();
	for Key { role, bytes, shown } in keys {
		if well_known.contains(bytes) {
			return Err(Refusal::WellKnownKey { role, key: shown });
		}
		if !seen.insert(bytes) {
			return Err(Refusal::DuplicateKey { role, key: shown });
		}
	}
	Ok(())
}

/// Public keys whose secrets are in every tutorial: the keyrings with their stashes, the development
/// phrase itself, and its children `//0` to `//9`. In both schemes, since the phrase serves for both and
/// an account may be of either. All zeros is no key but a forgotten placeholder.
fn well_known_keys() -> HashSet<[u8; 32]> {
	let root = std::iter::once(DEV_PHRASE.to_string());
	let children = (0..10).map(|index| format!("{DEV_PHRASE}//{index}"));
	root.chain(children)
		.flat_map(|uri| [public::<sr25519::Pair>(&uri).0, public::<ed25519::Pair>(&uri).0])
		.chain(Sr25519Keyring::iter().map(Sr25519Keyring::to_raw_public))
		.chain(Ed25519Keyring::iter().map(Ed25519Keyring::to_raw_public))
		.chain([[0; 32]])
		.collect()
}

fn public<P: Pair>(uri: &str) -> P::Public {
	P::from_string(uri, None).expect("the development phrase and its numbered children are valid").public()
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;

	/// Keys that nobody knows the secrets to.
	fn founder(index: u8) -> Founder {
		Founder {
			name: format!("Founder {index}"),
			account: [index; 32].into(),
			reserve: 25_000_000_000,
			aura: sr25519::Public::from([100 + index; 32]).into(),
			grandpa: ed25519::Public::from([200 + index; 32]).into(),
		}
	}

	fn founders() -> Vec<Founder> {
		(1..=4).map(founder).collect()
	}

	/// Why four founders are refused after `change` to the last of them.
	fn refusal(change: impl FnOnce(&mut Founder)) -> Refusal {
		let mut founders = founders();
		change(&mut founders[3]);
		check(&founders).unwrap_err()
	}

	fn is_duplicate(refusal: Refusal, expected: &str) -> bool {
		matches!(refusal, Refusal::DuplicateKey { role, .. } if role == expected)
	}

	fn is_well_known(refusal: Refusal, expected: &str) -> bool {
		matches!(refusal, Refusal::WellKnownKey { role, .. } if role == expected)
	}

	fn genesis(founders: &[Founder]) -> Storage {
		let aura: Vec<_> = founders.iter().map(|f| f.aura.clone()).collect();
		let grandpa: Vec<_> = founders.iter().map(|f| (f.grandpa.clone(), 1u64)).collect();
		let mut storage = Storage::default();
		storage
			.top
			.extend([(keys::aura().to_vec(), aura.encode()), (keys::grandpa().to_vec(), grandpa.encode())]);
		storage
	}

	#[test]
	fn a_good_file_is_accepted_and_founds_a_live_chain() {
		let file = std::env::temp_dir().join(format!("hanse-founders-{}.json", std::process::id()));
		fs::write(&file, serde_json::to_string_pretty(&founders()).unwrap()).unwrap();
		let founders = read(&file);
		fs::remove_file(&file).unwrap();

		let spec = crate::chain_spec::live("Test", "test", founders.ok().unwrap()).unwrap();
		assert_eq!(ChainSpec::chain_type(&spec), ChainType::Live);
		assert_eq!(check_genesis(&spec), Ok(()));
	}

	#[test]
	fn a_file_that_is_no_list_of_founders_is_refused() {
		let missing = read(Path::new("no/such/file.json")).err();
		assert!(matches!(missing, Some(Refusal::BadFile { .. })));
	}

	#[test]
	fn fewer_than_four_founders_are_refused() {
		for count in 0..4 {
			let refused = check(&founders()[..count]);
			assert_eq!(refused, Err(Refusal::TooFew { what: "founders", found: count }));
		}
		assert_eq!(check(&founders()), Ok(()));
	}

	#[test]
	fn a_name_is_needed_and_belongs_to_one_founder() {
		assert!(matches!(refusal(|f| f.name.clear()), Refusal::BadName { .. }));
		assert!(matches!(refusal(|f| f.name = "x".repeat(33)), Refusal::BadName { .. }));
		assert!(matches!(refusal(|f| f.name = "Founder 1".into()), Refusal::DuplicateName { .. }));
		for alike in ["founder 1", "FOUNDER1", "Founder I", "F0under l"] {
			assert!(matches!(refusal(|f| f.name = alike.into()), Refusal::DuplicateName { .. }), "{alike}");
		}
		for bad in ["founder 5 ", "Founder\u{200b}5", "F\u{43e}under 5", "\u{202e}5 rednuoF", "Founder\n5"] {
			assert!(matches!(refusal(|f| f.name = bad.into()), Refusal::BadName { .. }), "{bad:?}");
		}
	}

	#[test]
	fn a_key_belongs_to_one_founder_and_one_role() {
		assert!(is_duplicate(refusal(|f| f.account = founder(1).account), "account"));
		assert!(is_duplicate(refusal(|f| f.aura = founder(2).aura), "Aura key"));
		assert!(is_duplicate(refusal(|f| f.grandpa = founder(3).grandpa), "GRANDPA key"));
		assert!(is_duplicate(refusal(|f| f.aura = sr25519::Public::from([4; 32]).into()), "Aura key"));
	}

	#[test]
	fn a_development_key_is_refused_in_every_role() {
		for key in Sr25519Keyring::iter() {
			assert!(is_well_known(refusal(|f| f.account = key.to_account_id()), "account"), "{key}");
			assert!(is_well_known(refusal(|f| f.aura = key.public().into()), "Aura key"), "{key}");
		}
		for key in Ed25519Keyring::iter() {
			assert!(is_well_known(refusal(|f| f.account = key.to_account_id()), "account"), "{key}");
			assert!(is_well_known(refusal(|f| f.grandpa = key.public().into()), "GRANDPA key"), "{key}");
		}
		for path in ["", "//0", "//9", "//Alice", "//Ferdie//stash"] {
			let uri = format!("{DEV_PHRASE}{path}");
			let aura = public::<sr25519::Pair>(&uri);
			let grandpa = public::<ed25519::Pair>(&uri);
			assert!(is_well_known(refusal(|f| f.aura = aura.into()), "Aura key"), "{uri}");
			assert!(is_well_known(refusal(|f| f.grandpa = grandpa.into()), "GRANDPA key"), "{uri}");
		}
		assert!(is_well_known(refusal(|f| f.account = [0; 32].into()), "account"));
	}

	#[test]
	fn a_live_chain_with_too_few_or_well_known_authorities_is_not_run() {
		assert_eq!(check_authorities(&genesis(&founders())), Ok(()));
		assert_eq!(
			check_authorities(&genesis(&founders()[..3])),
			Err(Refusal::TooFew { what: "Aura authorities", found: 3 })
		);
		assert_eq!(
			check_authorities(&Storage::default()),
			Err(Refusal::TooFew { what: "Aura authorities", found: 0 })
		);

		let mut known = founders();
		known[0].grandpa = Ed25519Keyring::Alice.public().into();
		let refused = check_authorities(&genesis(&known));
		assert!(matches!(refused, Err(Refusal::WellKnownKey { role: "GRANDPA key", .. })));
	}

	#[test]
	fn a_live_chain_with_rules_out_of_their_bounds_or_without_rules_is_not_run() {
		let with = |rules: Rules| {
			let mut storage = genesis(&founders());
			storage.top.insert(keys::rules().to_vec(), rules.encode());
			storage
		};
		assert_eq!(check_rules(&with(Rules::default())), Ok(()));
		let hasty = Rules { notice: 1, ..Rules::default() };
		assert_eq!(check_rules(&with(hasty)), Err(Refusal::BadRule { rule: "Notice".into() }));
		assert!(matches!(check_rules(&genesis(&founders())), Err(Refusal::BadGenesis { .. })));
	}

	#[test]
	fn development_chains_are_run_with_development_keys() {
		let spec = crate::chain_spec::development().unwrap();
		assert_eq!(check_genesis(&spec), Ok(()));
	}
}
