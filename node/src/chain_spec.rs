//! The chains that this binary knows, and those that it reads or founds.

use hanse_runtime::genesis_presets::{self, Founder};
use sc_service::{ChainType, Properties};
use std::path::Path;

/// A chain specification. The runtime needs no host functions beyond the usual ones.
pub type Spec = sc_service::GenericChainSpec;

/// Loads what `--chain` names. A file is not judged here: many subcommands have to open specifications
/// that a node must not run, see [`crate::founders::check_genesis`].
pub fn load(id: &str) -> Result<Spec, String> {
	match id {
		"dev" => development(),
		"local" => local(),
		"" => {
			Err("which chain? Use `--dev`, `--chain local`, or `--chain FILE` with a chain specification"
				.into())
		},
		path if Path::new(path).is_file() => Spec::from_json_file(path.into()),
		unknown => Err(format!(
			"unknown chain `{unknown}`: it is neither `dev` nor `local` nor a file with a chain specification"
		)),
	}
}

/// One authority, Alice.
pub fn development() -> Result<Spec, String> {
	known("Hanse Development", "hanse_dev", ChainType::Development, genesis_presets::DEVELOPMENT)
}

/// Four authorities: Alice, Bob, Charlie and Dave.
pub fn local() -> Result<Spec, String> {
	known("Hanse Local", "hanse_local", ChainType::Local, genesis_presets::LOCAL)
}

/// A new live chain, whose authorities are its founders.
pub fn live(name: &str, id: &str, founders: Vec<Founder>) -> Result<Spec, String> {
	// The founders' own balances are part of what the runtime makes of them; nobody else gets any.
	let genesis = genesis_presets::alliance(founders, Vec::new());
	Ok(Spec::builder(wasm()?, None)
		.with_name(name)
		.with_id(id)
		.with_chain_type(ChainType::Live)
		.with_properties(properties())
		.with_genesis_config_patch(genesis)
		.build())
}

fn known(name: &str, id: &str, chain_type: ChainType, preset: &str) -> Result<Spec, String> {
	// What the preset says and not its name, for which the Wasm would have to be compiled once more.
	let patch = genesis_presets::get_preset(&preset.into()).ok_or_else(|| format!("no preset `{preset}`"))?;
	let patch = serde_json::from_slice(&patch).map_err(|error| format!("preset `{preset}`: {error}"))?;
	Ok(Spec::builder(wasm()?, None)
		.with_name(name)
		.with_id(id)
		.with_chain_type(chain_type)
		.with_properties(properties())
		.with_genesis_config_patch(patch)
		.build())
}

fn wasm() -> Result<&'static [u8], String> {
	hanse_runtime::WASM_BINARY.ok_or_else(|| {
		"this binary was built without the runtime's Wasm; build it without SKIP_WASM_BUILD, or give a \
		 specification file that contains the runtime"
			.into()
	})
}

/// What wallets show amounts with.
fn properties() -> Properties {
	Properties::from_iter([
		("tokenSymbol".to_string(), "HANSE".into()),
		("tokenDecimals".to_string(), 6.into()),
		("ss58Format".to_string(), 42.into()),
	])
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn known_chains_have_a_genesis() {
		for (id, chain_type) in [("dev", ChainType::Development), ("local", ChainType::Local)] {
			let spec = load(id).unwrap();
			assert_eq!(sc_service::ChainSpec::chain_type(&spec), chain_type);
			spec.as_json(true).unwrap();
		}
	}

	#[test]
	fn an_unknown_chain_is_refused_with_what_is_possible() {
		for id in ["", "polkadot", "no/such/file.json"] {
			let error = load(id).err().unwrap();
			assert!(error.contains("local") && error.contains("chain specification"), "{error}");
		}
	}
}
