//! What wallets are told of the runtime, and sign for.

use codec::Decode;
use frame_metadata::{v16::RuntimeMetadataV16, RuntimeMetadata, RuntimeMetadataPrefixed};
use frame_support::traits::Get;
use hanse_runtime::{Runtime, VERSION};
use merkleized_metadata::{generate_metadata_digest, ExtraInfo};
use std::fs;

/// What a build puts into the Wasm: a lock file for what wallets sign.
const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime/metadata-hash");
/// What the programs in `clients/` are typed by.
const FOR_CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../clients/sdk/metadata.scale");
/// Set by `scripts/metadata`, which writes anew what the gate compares with the runtime.
pub const WRITE: &str = "HANSE_WRITE_METADATA";

/// All that this runtime says of itself, in the newest form.
pub fn latest() -> RuntimeMetadataV16 {
	match metadata(16) {
		RuntimeMetadata::V16(metadata) => metadata,
		other => panic!("version {}", other.version()),
	}
}

fn encoded(version: u32) -> Vec<u8> {
	// The default of some storage is what the state says.
	let opaque = sp_io::TestExternalities::default().execute_with(|| Runtime::metadata_at_version(version));
	opaque.unwrap().to_vec()
}

fn metadata(version: u32) -> RuntimeMetadata {
	let RuntimeMetadataPrefixed(_, metadata) = Decode::decode(&mut &encoded(version)[..]).unwrap();
	metadata
}

/// The digest of this runtime's metadata and of how the chain writes addresses and amounts.
fn metadata_hash() -> String {
	let metadata = metadata(15);
	assert!(matches!(metadata, RuntimeMetadata::V15(_)));
	let extra = ExtraInfo {
		spec_version: VERSION.spec_version,
		spec_name: VERSION.spec_name.into(),
		base58_prefix: <Runtime as frame_system::Config>::SS58Prefix::get(),
		decimals: 6,
		token_symbol: "HANSE".into(),
	};
	let hash = generate_metadata_digest(&metadata, extra).unwrap().hash();
	format!("0x{}", hash.map(|byte| format!("{byte:02x}")).concat())
}

#[test]
fn the_metadata_hash_that_is_built_in_is_that_of_this_runtime() {
	let found = metadata_hash();
	if std::env::var_os(WRITE).is_some() {
		fs::write(CHECKED_IN, format!("{found}\n")).unwrap();
	}
	let built_in = fs::read_to_string(CHECKED_IN).unwrap();
	assert_eq!(
		built_in.trim(),
		found,
		"calls or the version changed: scripts/metadata writes runtime/metadata-hash anew"
	);
}

#[test]
fn the_metadata_that_clients_are_typed_by_is_that_of_this_runtime() {
	let found = encoded(16);
	if std::env::var_os(WRITE).is_some() {
		fs::write(FOR_CLIENTS, &found).unwrap();
	}
	let checked_in = fs::read(FOR_CLIENTS).unwrap();
	assert!(
		checked_in == found,
		"the runtime changed: scripts/metadata writes clients/sdk/metadata.scale anew"
	);
}
