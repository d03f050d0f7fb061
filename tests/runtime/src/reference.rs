//! The reference in docs/reference: what the runtime's metadata says of calls, events, errors, storage and reads, written
//! for people, one page a pallet. The gate compares the pages with the runtime.

use crate::metadata::{latest, WRITE};
use frame_metadata::v16::{
	FunctionParamMetadata, PalletMetadata, RuntimeMetadataV16, StorageEntryModifier, StorageEntryType,
};
use scale_info::{form::PortableForm, Field, PortableRegistry, Type, TypeDef, Variant};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference");
const PALLETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../pallets");
/// The runtime API that is ours; all others are documented by polkadot-sdk.
const READS: &str = "HanseApi";

/// All pages by name of the file.
fn pages() -> BTreeMap<String, String> {
	let metadata = latest();
	let ours: Vec<String> = fs::read_dir(PALLETS)
		.unwrap()
		.map(|entry| entry.unwrap().file_name().into_string().unwrap())
		.collect();
	let mut pages = BTreeMap::new();
	let mut index = String::from(
		"# Reference\n\nWritten by `scripts/metadata` from the runtime's metadata; do not edit.\n\n\
		| pallet | what it is for | calls | events | errors | storage |\n|---|---|---|---|---|---|\n",
	);
	for pallet in &metadata.pallets {
		let file = pallet.name.to_lowercase();
		if !ours.contains(&file) {
			continue;
		}
		let page = Page { metadata: &metadata, pallet };
		let counts = [page.calls(), page.events(), page.errors()].map(|variants| variants.len());
		let storage = pallet.storage.as_ref().map_or(0, |storage| storage.entries.len());
		let [calls, events, errors] = counts;
		let purpose = sentence(&crate_docs(&file));
		writeln!(index, "| [{file}]({file}.md) | {purpose} | {calls} | {events} | {errors} | {storage} |")
			.unwrap();
		pages.insert(format!("{file}.md"), page.write());
	}
	index += "\n[What any client can ask in one read](reads.md) · [types](types.md)\n";
	pages.insert("README.md".into(), index);
	pages.insert("reads.md".into(), reads(&metadata));
	pages.insert("types.md".into(), types(&metadata, &ours));
	pages
}

/// What a page of one pallet is written from.
struct Page<'a> {
	metadata: &'a RuntimeMetadataV16,
	pallet: &'a PalletMetadata<PortableForm>,
}

impl<'a> Page<'a> {
	fn variants(&self, ty: Option<u32>) -> &'a [Variant<PortableForm>] {
		match ty.map(|ty| &resolve(&self.metadata.types, ty).type_def) {
			Some(TypeDef::Variant(def)) => &def.variants,
			_ => &[],
		}
	}

	fn calls(&self) -> &'a [Variant<PortableForm>] {
		self.variants(self.pallet.calls.as_ref().map(|calls| calls.ty.id))
	}

	fn events(&self) -> &'a [Variant<PortableForm>] {
		self.variants(self.pallet.event.as_ref().map(|event| event.ty.id))
	}

	fn errors(&self) -> &'a [Variant<PortableForm>] {
		self.variants(self.pallet.error.as_ref().map(|error| error.ty.id))
	}

	fn write(&self) -> String {
		let name = self.pallet.name.to_lowercase();
		let mut out = format!("# {name}\n\n{}\n", prose(&crate_docs(&name)).replace("\n# ", "\n## "));
		self.write_calls(&mut out);
		self.write_events(&mut out);
		self.write_errors(&mut out);
		self.write_storage(&mut out);
		self.write_views(&mut out);
		out
	}

	fn write_calls(&self, out: &mut String) {
		heading(out, "Calls", self.calls().len());
		for call in self.calls() {
			let arguments: Vec<_> = call.fields.iter().map(|field| self.field(field)).collect();
			writeln!(out, "\n### {}({})\n\n{}", call.name, arguments.join(", "), prose(&call.docs)).unwrap();
			let named: Vec<_> =
				self.errors().iter().filter(|error| names_error(&call.docs, &error.name)).collect();
			if !named.is_empty() {
				out.push_str("\n| fails with | when |\n|---|---|\n");
			}
			for error in named {
				writeln!(out, "| `{}` | {} |", error.name, cell(&error.docs)).unwrap();
			}
		}
	}

	fn write_events(&self, out: &mut String) {
		heading(out, "Events", self.events().len());
		if !self.events().is_empty() {
			out.push_str("\n| event | tells |\n|---|---|\n");
		}
		for event in self.events() {
			let fields: Vec<_> = event.fields.iter().map(|field| self.field(field)).collect();
			let what = match fields.is_empty() {
				true => event.name.clone(),
				false => format!("{} {{ {} }}", event.name, fields.join(", ")),
			};
			writeln!(out, "| `{}` | {} |", what.replace('|', "\\|"), cell(&event.docs)).unwrap();
		}
	}

	fn write_errors(&self, out: &mut String) {
		heading(out, "Errors", self.errors().len());
		if !self.errors().is_empty() {
			out.push_str("\n| error | when, and what to do |\n|---|---|\n");
		}
		for error in self.errors() {
			writeln!(out, "| `{}` | {} |", error.name, cell(&error.docs)).unwrap();
		}
	}

	fn write_storage(&self, out: &mut String) {
		let Some(storage) = &self.pallet.storage else { return };
		heading(out, "Storage", storage.entries.len());
		for entry in &storage.entries {
			let types = &self.metadata.types;
			let what = match &entry.ty {
				StorageEntryType::Plain(value) => type_name(types, value.id),
				StorageEntryType::Map { key, value, .. } => {
					format!("{} → {}", type_name(types, key.id), type_name(types, value.id))
				},
			};
			let absent = match entry.modifier {
				StorageEntryModifier::Optional => "optional",
				StorageEntryModifier::Default => "default where nothing is stored",
			};
			writeln!(out, "\n### {}\n\n`{what}`, {absent}\n\n{}", entry.name, prose(&entry.docs)).unwrap();
		}
	}

	fn write_views(&self, out: &mut String) {
		let views = &self.pallet.view_functions;
		heading(out, "View functions", views.len());
		for view in views {
			let signature = signature(&self.metadata.types, &view.name, &view.inputs, view.output.id);
			writeln!(out, "\n### {signature}\n\n{}", prose(&view.docs)).unwrap();
		}
	}

	fn field(&self, field: &Field<PortableForm>) -> String {
		named(&self.metadata.types, field)
	}
}

/// The reads that any client has by runtime API.
fn reads(metadata: &RuntimeMetadataV16) -> String {
	let api = metadata.apis.iter().find(|api| api.name == READS).unwrap();
	let mut out = format!(
		"# Reads\n\n{}\n\n`state_call` with `{READS}_NAME`, which libraries offer by name.\n",
		prose(&api.docs)
	);
	for method in &api.methods {
		let signature = signature(&metadata.types, &method.name, &method.inputs, method.output.id);
		writeln!(out, "\n## {signature}\n\n{}", prose(&method.docs)).unwrap();
	}
	out
}

/// The types of Hanse's own crates, field by field.
fn types(metadata: &RuntimeMetadataV16, ours: &[String]) -> String {
	let mut found = BTreeMap::new();
	for ty in metadata.types.types.iter().map(|ty| &ty.ty) {
		let Some(krate) = ty.path.segments.first() else { continue };
		let name = krate.trim_start_matches("pallet_").trim_start_matches("hanse_");
		let generated = ty.path.segments.iter().any(|segment| segment == "pallet");
		if generated || !(ours.iter().any(|own| own == name) || krate == "hanse_runtime") {
			continue;
		}
		if let Some(text) = type_page(&metadata.types, ty) {
			found.insert((ty.path.segments.last().unwrap().clone(), krate.clone()), text);
		}
	}
	let mut out = String::from("# Types\n\nWhat calls, events, storage and reads are made of, by name.\n");
	for ((name, krate), text) in found {
		writeln!(out, "\n## {name}\n\nOf `{krate}`.\n\n{text}").unwrap();
	}
	out
}

/// The parts of a type, one a line; `None` of types that only wrap another.
fn type_page(types: &PortableRegistry, ty: &Type<PortableForm>) -> Option<String> {
	let parts: Vec<String> = match &ty.type_def {
		TypeDef::Composite(def) if def.fields.iter().any(|field| field.name.is_some()) => {
			def.fields.iter().map(|field| named(types, field)).collect()
		},
		TypeDef::Variant(def) => def.variants.iter().map(|variant| variant_name(types, variant)).collect(),
		_ => return None,
	};
	Some(format!("```text\n{}\n```", parts.join("\n")))
}

fn variant_name(types: &PortableRegistry, variant: &Variant<PortableForm>) -> String {
	let fields: Vec<_> = variant.fields.iter().map(|field| named(types, field)).collect();
	let is_named = variant.fields.iter().any(|field| field.name.is_some());
	match (fields.is_empty(), is_named) {
		(true, _) => variant.name.clone(),
		(false, true) => format!("{} {{ {} }}", variant.name, fields.join(", ")),
		(false, false) => format!("{}({})", variant.name, fields.join(", ")),
	}
}

/// `name: Type` as the source has it; the type alone where the field has no name.
fn named(types: &PortableRegistry, field: &Field<PortableForm>) -> String {
	let written = field.type_name.as_ref().filter(|name| !name.contains("as Config"));
	let ty = written.map_or_else(|| type_name(types, field.ty.id), |name| tidy(name));
	match &field.name {
		Some(name) => format!("{name}: {ty}"),
		None => ty,
	}
}

fn signature(
	types: &PortableRegistry,
	name: &str,
	inputs: &[FunctionParamMetadata<PortableForm>],
	output: u32,
) -> String {
	let inputs: Vec<_> =
		inputs.iter().map(|input| format!("{}: {}", input.name, type_name(types, input.ty.id))).collect();
	format!("{name}({}) → {}", inputs.join(", "), type_name(types, output))
}

fn resolve(types: &PortableRegistry, id: u32) -> &Type<PortableForm> {
	types.resolve(id).unwrap()
}

/// What a type is called, without paths and without the generic parameters that say nothing to a client.
fn type_name(types: &PortableRegistry, id: u32) -> String {
	let ty = resolve(types, id);
	let list = |ids: Vec<u32>| ids.into_iter().map(|id| type_name(types, id)).collect::<Vec<_>>().join(", ");
	match &ty.type_def {
		TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
		TypeDef::Compact(compact) => type_name(types, compact.type_param.id),
		TypeDef::Sequence(sequence) => format!("Vec<{}>", type_name(types, sequence.type_param.id)),
		TypeDef::Array(array) => format!("[{}; {}]", type_name(types, array.type_param.id), array.len),
		TypeDef::Tuple(tuple) => format!("({})", list(tuple.fields.iter().map(|field| field.id).collect())),
		_ => {
			let name = ty.path.segments.last().cloned().unwrap_or_default();
			let shown =
				matches!(name.as_str(), "Option" | "Result" | "BoundedVec" | "BTreeMap" | "BoundedBTreeMap");
			let parameters: Vec<_> =
				ty.type_params.iter().filter_map(|parameter| parameter.ty.map(|ty| ty.id)).collect();
			match shown && !parameters.is_empty() {
				true => format!("{name}<{}>", list(parameters)),
				false => name,
			}
		},
	}
}

/// A type as its source writes it, without `T::`, paths and spaces around generic brackets.
fn tidy(name: &str) -> String {
	let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
	name.replace("T::", "").replace("pallet::", "").replace(" <", "<").replace("< ", "<").replace(" >", ">")
}

fn heading(out: &mut String, title: &str, count: usize) {
	if count > 0 {
		writeln!(out, "\n## {title}").unwrap();
	}
}

/// Whether a call's docs name `error`.
fn names_error(docs: &[String], error: &str) -> bool {
	docs.iter().any(|line| line.contains(&format!("Error::{error}`")))
}

/// Docs as markdown: links that only rustdoc can follow become plain code.
fn prose(docs: &[String]) -> String {
	let text = docs.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
	plain_links(text.trim())
}

/// Docs in one cell of a table.
fn cell(docs: &[String]) -> String {
	prose(docs).split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// The docs of a pallet's crate, from its source: metadata has those of items only.
fn crate_docs(pallet: &str) -> Vec<String> {
	let source = fs::read_to_string(Path::new(PALLETS).join(pallet).join("src/lib.rs")).unwrap();
	source.lines().map_while(|line| line.strip_prefix("//!")).map(String::from).collect()
}

/// The first sentence of docs.
fn sentence(docs: &[String]) -> String {
	let text = cell(docs);
	let text = text.split(" # ").next().unwrap_or_default().to_string();
	text.split_once(". ").map_or(text.clone(), |(first, _)| format!("{first}."))
}

/// `[`Error::Name`]` and `[`Name`](target)` become `` `Name` ``; other links stay.
fn plain_links(text: &str) -> String {
	let mut out = String::new();
	let mut rest = text;
	while let Some(start) = rest.find("[`") {
		let (before, from) = rest.split_at(start);
		out += before;
		let Some(end) = from.find("`]") else { break };
		out += "`";
		out += from[2..end]
			.trim_start_matches("Error::")
			.trim_start_matches("Event::")
			.trim_start_matches("Self::");
		out += "`";
		rest = &from[end + 2..];
		if rest.starts_with("(") && !rest.starts_with("(http") {
			rest = rest.find(')').map_or(rest, |close| &rest[close + 1..]);
		}
	}
	out + rest
}

#[test]
fn the_reference_is_what_the_runtime_says_of_itself() {
	let pages = pages();
	if std::env::var_os(WRITE).is_some() {
		let _ = fs::remove_dir_all(PAGES);
		fs::create_dir_all(PAGES).unwrap();
		for (name, page) in &pages {
			fs::write(Path::new(PAGES).join(name), page).unwrap();
		}
	}
	let written: BTreeMap<String, String> = fs::read_dir(PAGES)
		.unwrap()
		.map(|entry| entry.unwrap())
		.map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
		.collect();
	assert_eq!(
		written.keys().collect::<Vec<_>>(),
		pages.keys().collect::<Vec<_>>(),
		"a page is missing or too many: scripts/metadata writes docs/reference anew"
	);
	for (name, page) in pages {
		assert!(
			written[&name] == page,
			"{name} is not what the runtime says: scripts/metadata writes docs/reference anew"
		);
	}
}

#[test]
fn each_call_event_error_and_storage_entry_is_explained() {
	let metadata = latest();
	let mut silent = Vec::new();
	for (name, page) in pages() {
		assert!(page.len() > 200, "{name} says nothing");
	}
	for pallet in &metadata.pallets {
		if !Path::new(PALLETS).join(pallet.name.to_lowercase()).is_dir() {
			continue;
		}
		let page = Page { metadata: &metadata, pallet };
		for variant in page.calls().iter().chain(page.events()).chain(page.errors()) {
			if variant.docs.is_empty() {
				silent.push(format!("{}.{}", pallet.name, variant.name));
			}
		}
		for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
			if entry.docs.is_empty() {
				silent.push(format!("{}.{}", pallet.name, entry.name));
			}
		}
	}
	assert_eq!(silent, Vec::<String>::new(), "these have no docs");
}

#[test]
fn links_that_only_rustdoc_follows_become_plain_code() {
	assert_eq!(
		plain_links("see [`Error::Gone`], [`a`](b::a) and [c](https://d)"),
		"see `Gone`, `a` and [c](https://d)"
	);
	assert_eq!(plain_links("[`open"), "[`open");
}

/// A client reads by runtime API or by view function, as its library can, and is told the same of both.
#[test]
fn a_read_is_described_once_whichever_way_it_is_reached() {
	/// What the runtime puts together of two pallets.
	const PUT_TOGETHER: [&str; 2] = ["standing", "statement"];
	let metadata = latest();
	let api = metadata.apis.iter().find(|api| api.name == READS).unwrap();
	let text = |docs: &[String]| docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
	let mut compared = 0;
	for view in metadata.pallets.iter().flat_map(|pallet| &pallet.view_functions) {
		let Some(read) = api.methods.iter().find(|read| read.name == view.name) else { continue };
		if !PUT_TOGETHER.contains(&view.name.as_str()) {
			assert!(text(&read.docs).starts_with(&text(&view.docs)), "{}", view.name);
			compared += 1;
		}
	}
	assert!(compared > 12, "{compared}");
}
