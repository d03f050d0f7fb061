//! The documents name files and functions that are there.

use frame_support::traits::GetCallMetadata;
use hanse_runtime::RuntimeCall;
use std::{
	fs,
	path::{Path, PathBuf},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// README at most, so that it is read.
const MAX_README_LINES: usize = 130;
/// What begins a path of the repository in a text.
const FOLDERS: [&str; 8] =
	["pallets/", "runtime/", "node/", "clients/", "tests/", "scripts/", "docs/", "gateway/"];

/// README, CONTRIBUTING and all pages of docs, with their text.
fn pages() -> Vec<(PathBuf, String)> {
	let root = Path::new(ROOT);
	let mut found = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
	let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
	found.extend(docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
	found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// What stands between backticks in a line.
fn code(line: &str) -> Vec<&str> {
	line.split('`').skip(1).step_by(2).collect()
}

/// The files in a line's code, without what follows them in a command.
fn paths(line: &str) -> Vec<&str> {
	code(line)
		.into_iter()
		.filter_map(|text| text.split_whitespace().next())
		.filter(|text| FOLDERS.iter().any(|folder| text.starts_with(folder)) && !text.contains('*'))
		.collect()
}

/// Calls and reads that a line's code names: `points.issue`, or `hanseApi.quotePay` as clients write it.
fn named_calls(line: &str) -> Vec<(String, String)> {
	let snake = |name: &str| -> String {
		let split = |c: char| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.into() };
		name.chars().map(split).collect()
	};
	code(line)
		.into_iter()
		.filter_map(|text| text.split_once('.'))
		.filter(|(pallet, _)| pallet.chars().all(char::is_alphanumeric))
		.map(|(pallet, rest)| {
			(pallet, rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
		})
		.map(|(pallet, name)| (pallet.to_lowercase(), snake(name)))
		.collect()
}

/// Whether the runtime has this call or read; what is no pallet of its is another matter.
fn is_named_right(pallet: &str, name: &str) -> bool {
	if pallet == "hanseapi" {
		let metadata = crate::metadata::latest();
		let api = metadata.apis.iter().find(|api| api.name == "HanseApi").unwrap();
		return api.methods.iter().any(|method| method.name == name);
	}
	let module = RuntimeCall::get_module_names().iter().find(|module| module.to_lowercase() == pallet);
	module.is_none_or(|module| RuntimeCall::get_call_names(module).contains(&name))
}

/// Faults of a page: paths that are not there, links to nothing, and names that their file does not have.
fn faults(page: &Path, text: &str) -> Vec<String> {
	let root = Path::new(ROOT);
	let mut found = Vec::new();
	for line in text.lines() {
		let wrong = named_calls(line).into_iter().filter(|(pallet, name)| {
			// Errors are named like `Points.NotFound`, and become names with a line in front.
			!name.starts_with('_') && !is_named_right(pallet, name)
		});
		found.extend(wrong.map(|(pallet, name)| format!("no call {pallet}.{name}")));
		let files = paths(line);
		found.extend(
			files.iter().filter(|path| !root.join(path).exists()).map(|path| format!("no file {path}")),
		);
		for target in
			line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
		{
			let file = target.split('#').next().unwrap();
			if !target.starts_with("http") && !page.parent().unwrap().join(file).exists() {
				found.push(format!("a link to {target}"));
			}
		}
		// "`name` in `file`"
		for (before, after) in line.match_indices("` in `").map(|(at, _)| line.split_at(at)) {
			let name = before.rsplit('`').next().unwrap().rsplit("::").next().unwrap();
			let file = after["` in `".len()..].split('`').next().unwrap();
			let is_there = fs::read_to_string(root.join(file)).is_ok_and(|source| source.contains(name));
			if FOLDERS.iter().any(|folder| file.starts_with(folder)) && !is_there {
				found.push(format!("no {name} in {file}"));
			}
		}
	}
	found.into_iter().map(|fault| format!("{}: {fault}", page.file_name().unwrap().display())).collect()
}

#[test]
fn the_documents_name_files_links_and_functions_that_are_there() {
	let pages = pages();
	assert!(
		pages.len() >= 10 && pages.iter().flat_map(|(_, text)| text.lines().flat_map(paths)).count() > 60
	);
	let faults: Vec<_> = pages.iter().flat_map(|(page, text)| faults(page, text)).collect();
	assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn a_path_a_link_or_a_name_that_is_not_there_is_found() {
	let page = Path::new(ROOT).join("README.md");
	let text = "`points.issue_all` `points.issue` `hanseApi.quotePay(a)` `hanseApi.quote` `runtime/src/gone.rs` and [it](gone.md), `Gone` in `runtime/src/lib.rs`, `Runtime` in `runtime/src/lib.rs`";
	assert_eq!(
		faults(&page, text),
		[
			"no call points.issue_all",
			"no call hanseapi.quote",
			"no file runtime/src/gone.rs",
			"a link to gone.md",
			"no Gone in runtime/src/lib.rs"
		]
		.map(|fault| format!("README.md: {fault}"))
	);
}

#[test]
fn the_readme_is_short_enough_to_be_read() {
	let lines = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap().lines().count();
	assert!(lines <= MAX_README_LINES, "README.md has {lines} lines");
}
