//! One vocabulary: a public name means one thing in the whole repository.
//!
//! The names of storage, events, errors, calls and types come from the runtime's metadata, those of all other public
//! items from the sources. A name may stand in two crates only with a reason in [`ALLOWED`], and only as long as it
//! does.

use crate::metadata::latest;
use scale_info::{form::PortableForm, PortableRegistry, TypeDef, Variant};
use std::{
	collections::{BTreeMap, BTreeSet},
	fs,
	path::Path,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// The kinds of public items of which a name is taken.
const KINDS: [&str; 5] = ["struct", "enum", "trait", "type", "const"];

/// What every pallet of FRAME has.
const FRAME: &str = "FRAME: every pallet has its own";
/// Pallets in the runtime, and the traits that they offer to their neighbours.
const PALLET: &str = "the name of the pallet; elsewhere the trait that it offers, or what it is about";
/// Errors of the shared vocabulary of errors.
const ERROR: &str = "shared vocabulary of errors: the same condition in each pallet";

/// Names that stand in several crates, each with the reason why a reader is not misled.
const ALLOWED: &[(&str, &str)] = &[
	("ALL", "the list of all values of the enum that it belongs to"),
	("Authorities", PALLET),
	("BadSignature", ERROR),
	("Clearing", PALLET),
	("Conduct", PALLET),
	("Config", FRAME),
	("Customers", PALLET),
	("DueItem", "what the due queue of the pallet holds"),
	("DueItemFailed", "an item of the due queue of the pallet failed"),
	("EraNotOpen", ERROR),
	("Error", FRAME),
	("Event", FRAME),
	("FundsTooSmall", ERROR),
	("GenesisConfig", FRAME),
	("Hash", "the hash of a block, for the node and in the runtime"),
	("HoldReason", FRAME),
	("Inconsistent", ERROR),
	("Institutions", PALLET),
	("MaxVintagesExceeded", ERROR),
	("NameTaken", ERROR),
	("NotActive", ERROR),
	("NotFound", ERROR),
	("Pallet", FRAME),
	("Points", PALLET),
	("PointsTooFew", ERROR),
	("TooEarly", ERROR),
	("Unchanged", ERROR),
	("WeightInfo", FRAME),
	("ZeroAmount", ERROR),
];

/// For each name the crates in which it stands.
type Names = BTreeMap<String, BTreeSet<String>>;

fn note(names: &mut Names, name: &str, of: &str) {
	names.entry(name.into()).or_default().insert(of.into());
}

/// The directories of the repository's crates, by the name under which their items are noted.
fn crates() -> BTreeMap<String, String> {
	let pallets = fs::read_dir(format!("{ROOT}/pallets")).unwrap();
	let names = pallets.map(|entry| entry.unwrap().file_name().into_string().unwrap());
	let mut crates: BTreeMap<_, _> =
		names.map(|name| (name.clone(), format!("{ROOT}/pallets/{name}/src"))).collect();
	for other in ["runtime", "node"] {
		crates.insert(other.into(), format!("{ROOT}/{other}/src"));
	}
	crates
}

/// The name of a public item that begins in this line of a source, if one does.
fn public_item(line: &str) -> Option<&str> {
	let item = line.trim_start().strip_prefix("pub ")?;
	let (kind, rest) = item.split_once(' ')?;
	let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
	(KINDS.contains(&kind) && !name.is_empty() && name != "fn").then_some(name)
}

fn note_sources(names: &mut Names, folder: &Path, of: &str) {
	for entry in fs::read_dir(folder).unwrap() {
		let path = entry.unwrap().path();
		if path.is_dir() {
			if !path.ends_with("tests") {
				note_sources(names, &path, of);
			}
		} else if path.extension().is_some_and(|extension| extension == "rs") {
			let text = fs::read_to_string(&path).unwrap();
			text.lines().filter_map(public_item).for_each(|name| note(names, name, of));
		}
	}
}

fn variants(types: &PortableRegistry, ty: Option<u32>) -> &[Variant<PortableForm>] {
	match ty.and_then(|ty| types.resolve(ty)).map(|ty| &ty.type_def) {
		Some(TypeDef::Variant(def)) => &def.variants,
		_ => &[],
	}
}

fn note_metadata(names: &mut Names, crates: &BTreeSet<String>) {
	let metadata = latest();
	for pallet in &metadata.pallets {
		let of = pallet.name.to_lowercase();
		if !crates.contains(&of) {
			continue;
		}
		for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
			note(names, &entry.name, &of);
		}
		let enums = [
			pallet.calls.as_ref().map(|calls| calls.ty.id),
			pallet.event.as_ref().map(|event| event.ty.id),
			pallet.error.as_ref().map(|error| error.ty.id),
		];
		for variant in enums.into_iter().flat_map(|ty| variants(&metadata.types, ty)) {
			note(names, &variant.name, &of);
		}
	}
	for ty in &metadata.types.types {
		let path = &ty.ty.path.segments;
		let of = path.first().map(|first| first.trim_start_matches("pallet_").trim_start_matches("hanse_"));
		if let (Some(of), Some(name)) = (of.filter(|of| crates.contains(*of)), path.last()) {
			// Calls and the events of all pallets are enums of FRAME's making.
			if name != "Call" {
				note(names, name, of);
			}
		}
	}
}

/// What is wrong: names in several crates that are not allowed, and allowed ones that are in one crate at most.
fn faults(names: &Names, allowed: &[(&str, &str)]) -> Vec<String> {
	let is_allowed = |name: &str| allowed.iter().any(|(other, _)| *other == name);
	let is_repeated = |name: &str| names.get(name).is_some_and(|crates| crates.len() > 1);
	let unexplained = names.iter().filter(|(name, crates)| crates.len() > 1 && !is_allowed(name));
	let unexplained = unexplained.map(|(name, crates)| format!("{name} stands in {crates:?}"));
	let stale = allowed.iter().filter(|(name, _)| !is_repeated(name));
	unexplained.chain(stale.map(|(name, _)| format!("{name} is allowed to repeat and does not"))).collect()
}

#[test]
fn a_public_name_stands_in_two_crates_only_with_a_reason() {
	let crates = crates();
	let mut names = Names::new();
	crates.iter().for_each(|(name, folder)| note_sources(&mut names, Path::new(folder), name));
	note_metadata(&mut names, &crates.keys().cloned().collect());
	assert!(names.len() > 500, "only {} names were found", names.len());
	let faults = faults(&names, ALLOWED);
	assert!(faults.is_empty(), "rename, or give a reason in ALLOWED:\n{}", faults.join("\n"));
}

#[test]
fn a_repeat_without_a_reason_and_a_reason_without_a_repeat_are_found() {
	let mut names = Names::new();
	for (name, of) in
		[("Ticket", "conduct"), ("Ticket", "authorities"), ("Error", "a"), ("Error", "b"), ("Line", "a")]
	{
		note(&mut names, name, of);
	}
	let allowed = [("Error", FRAME), ("Line", "is in one crate only")];
	let expected =
		["Ticket stands in {\"authorities\", \"conduct\"}", "Line is allowed to repeat and does not"];
	assert_eq!(faults(&names, &allowed), expected);
}

#[test]
fn public_items_are_found_in_sources() {
	for (line, name) in [
		("pub struct Receipt {", Some("Receipt")),
		("\tpub type Programs<T: Config> = StorageMap<", Some("Programs")),
		("pub trait Clearing: Reserves {", Some("Clearing")),
		("pub const MAX_LEGS: u32 = 8;", Some("MAX_LEGS")),
		("pub const fn asset_id(", None),
		("pub(crate) struct Hidden;", None),
		("pub fn settle(", None),
		("struct Private;", None),
	] {
		assert_eq!(public_item(line), name, "{line}");
	}
}
