//! The storage versions of the pallets, which migrations go by.

use crate::chain::*;
use frame_support::{
	storage::{storage_prefix, unhashed},
	traits::{
		GetStorageVersion, PalletInfoAccess, PalletsInfoAccess, StorageVersion,
		STORAGE_VERSION_STORAGE_KEY_POSTFIX,
	},
};
use hanse_runtime::{
	AllPalletsWithSystem, Authorities, Clearing, Conduct, Customers, Exchange, Institutions, Points,
	Rulebook, Sponsorship, Supervision,
};
use std::{collections::BTreeSet, fs};

/// The crates in `pallets/`, as the runtime names them.
fn crates() -> BTreeSet<String> {
	let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../pallets");
	let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
	names.map(|name| format!("pallet_{name}")).collect()
}

/// A pallet's name, and its storage version as its code says and as the chain says.
fn version_of<P: PalletInfoAccess + GetStorageVersion<InCodeStorageVersion = StorageVersion>>(
) -> (&'static str, StorageVersion, StorageVersion) {
	(P::name(), P::in_code_storage_version(), P::on_chain_storage_version())
}

#[test]
fn every_pallet_of_ours_begins_with_the_storage_version_that_its_code_says() {
	run(|| {
		let versions = [
			version_of::<Rulebook>(),
			version_of::<Institutions>(),
			version_of::<Authorities>(),
			version_of::<Clearing>(),
			version_of::<Points>(),
			version_of::<Exchange>(),
			version_of::<Customers>(),
			version_of::<Sponsorship>(),
			version_of::<Conduct>(),
			version_of::<Supervision>(),
		];
		for (name, in_code, on_chain) in versions {
			assert!(in_code > StorageVersion::new(0), "{name} has no version");
			assert_eq!(in_code, on_chain, "{name}");
			let key = storage_prefix(name.as_bytes(), STORAGE_VERSION_STORAGE_KEY_POSTFIX);
			assert_eq!(unhashed::get(&key), Some(in_code), "{name}");
		}
		// None is missing in this list.
		let crates = crates();
		let ours: BTreeSet<_> = AllPalletsWithSystem::infos()
			.into_iter()
			.filter(|pallet| crates.contains(pallet.module_name))
			.map(|pallet| pallet.name)
			.collect();
		assert_eq!(ours, versions.into_iter().map(|(name, ..)| name).collect());
	});
}
