//! The pages of `clients/web`, built beforehand, become a part of the program. Where they were not built there are none.

use std::{
	env,
	fmt::Write as _,
	fs, io,
	path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
	let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
	// The folder is always there, so that cargo sees when the pages come, change or go.
	let dist = here.join("../../clients/web/dist");
	println!("cargo:rerun-if-changed={}", dist.display());
	let mut files = Vec::new();
	let pages = dist.join("pages");
	if pages.is_dir() {
		collect(&pages.canonicalize()?, &mut files)?;
	}
	files.sort();
	let mut code = String::from("pub static BUILT: &[(&str, &[u8])] = &[\n");
	for (name, path) in files {
		writeln!(code, "\t({name:?}, include_bytes!({:?})),", path.display().to_string())
			.map_err(io::Error::other)?;
	}
	code.push_str("];\n");
	fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("pages.rs"), code)
}

/// Every file below `folder`, by its path there.
fn collect(root: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
	let mut folders = vec![root.to_owned()];
	while let Some(folder) = folders.pop() {
		for entry in fs::read_dir(&folder)? {
			let path = entry?.path();
			match path.is_dir() {
				true => folders.push(path),
				false => {
					let name = path.strip_prefix(root).map_err(io::Error::other)?;
					files.push((name.display().to_string().replace('\\', "/"), path));
				},
			}
		}
	}
	Ok(())
}
