//! The pages: wallet, till and console. They are files that `clients/web` was built into, and load nothing from elsewhere.

use super::problem::Refusal;
use axum::{
	body::Body,
	http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
	response::{IntoResponse, Redirect, Response},
};
use std::{
	borrow::Cow,
	collections::BTreeMap,
	io,
	path::{Path, PathBuf},
	sync::Arc,
};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Where customers begin.
const FRONT: &str = "/wallet/";
/// Files whose name says what is in them: they never change.
const FOREVER: &str = "assets/";
/// What is said where the pages would be.
const NONE: &str = include_str!("site.html");

/// The pages, and what browsers may do with them.
#[derive(Clone)]
pub struct Site {
	files: Arc<BTreeMap<String, Cow<'static, [u8]>>>,
	policy: HeaderValue,
}

impl Site {
	/// The pages that the program was built with, or those of a folder. They may talk to these nodes, and to nobody else.
	pub fn open(folder: Option<&Path>, nodes: &[String]) -> io::Result<Self> {
		let files = match folder {
			None => BUILT.iter().map(|(name, bytes)| ((*name).to_owned(), Cow::Borrowed(*bytes))).collect(),
			Some(folder) => read(folder)?,
		};
		let policy = HeaderValue::from_str(&policy(nodes)).map_err(io::Error::other)?;
		Ok(Self { files: Arc::new(files), policy })
	}

	/// What is at a path that is none of the API's.
	pub fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
		let path = uri.path();
		if *method != Method::GET && *method != Method::HEAD {
			return nothing();
		}
		match (path, self.files.is_empty()) {
			("/", true) => self.html(Cow::Borrowed(NONE.as_bytes()), None),
			("/", false) => Redirect::temporary(FRONT).into_response(),
			("/wallet" | "/till" | "/console", _) => Redirect::temporary(&format!("{path}/")).into_response(),
			_ => self.file(path.trim_start_matches('/'), headers).unwrap_or_else(nothing),
		}
	}

	fn file(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
		let name = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
		let plain = self.files.get(&name)?;
		let packed = self.files.get(&format!("{name}.gz")).filter(|_| takes_gzip(headers));
		let (bytes, encoding) = match packed {
			Some(packed) => (packed, Some("gzip")),
			None => (plain, None),
		};
		if name.ends_with(".html") {
			return Some(self.html(bytes.clone(), encoding));
		}
		let keep = if name.starts_with(FOREVER) { "public, max-age=31536000, immutable" } else { "no-cache" };
		Some(response(bytes.clone(), media(&name), keep, encoding))
	}

	fn html(&self, bytes: Cow<'static, [u8]>, encoding: Option<&'static str>) -> Response {
		let mut response = response(bytes, "text/html; charset=utf-8", "no-cache", encoding);
		let headers = response.headers_mut();
		headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
		for (name, value) in [
			(
				"permissions-policy",
				"camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), geolocation=(), microphone=(), payment=(), usb=()",
			),
			("cross-origin-opener-policy", "same-origin"),
		] {
			headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
		}
		response
	}
}

/// Nothing from elsewhere, nothing inline, in nobody's frame; connections to here and to `nodes`.
fn policy(nodes: &[String]) -> String {
	format!(
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
		 media-src 'self' blob:; connect-src 'self' {}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
		 form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
		nodes.join(" ")
	)
}

fn response(
	bytes: Cow<'static, [u8]>,
	media: &'static str,
	keep: &'static str,
	encoding: Option<&'static str>,
) -> Response {
	let mut response = Response::new(Body::from(match bytes {
		Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes),
		Cow::Owned(bytes) => bytes::Bytes::from(bytes),
	}));
	let headers = response.headers_mut();
	headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
	headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
	headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
	if let Some(encoding) = encoding {
		headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
	}
	response
}

fn nothing() -> Response {
	let mut response =
		Refusal::not_found("There is no such path. /docs lists those that exist.").into_response();
	*response.status_mut() = StatusCode::NOT_FOUND;
	response
}

fn takes_gzip(headers: &HeaderMap) -> bool {
	let value =
		headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
	value.split(',').any(|one| one.split(';').next().is_some_and(|name| name.trim() == "gzip"))
}

fn media(name: &str) -> &'static str {
	match name.rsplit('.').next().unwrap_or_default() {
		"js" => "text/javascript; charset=utf-8",
		"css" => "text/css; charset=utf-8",
		"svg" => "image/svg+xml",
		"png" => "image/png",
		"webmanifest" => "application/manifest+json",
		"json" => "application/json",
		_ => "application/octet-stream",
	}
}

fn read(folder: &Path) -> io::Result<BTreeMap<String, Cow<'static, [u8]>>> {
	let (mut files, mut folders) = (BTreeMap::new(), vec![PathBuf::from(folder)]);
	while let Some(next) = folders.pop() {
		for entry in std::fs::read_dir(&next)? {
			let path = entry?.path();
			if path.is_dir() {
				folders.push(path);
			} else {
				let name = path.strip_prefix(folder).map_err(io::Error::other)?.display().to_string();
				files.insert(name, Cow::Owned(std::fs::read(&path)?));
			}
		}
	}
	Ok(files)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn site(files: &[(&str, &str)]) -> Site {
		let folder = tempfile::tempdir().unwrap();
		for (name, text) in files {
			let path = folder.path().join(name);
			std::fs::create_dir_all(path.parent().unwrap()).unwrap();
			std::fs::write(path, text).unwrap();
		}
		Site::open(Some(folder.path()), &["wss://node.example".into()]).unwrap()
	}

	async fn get(site: &Site, path: &str, encoding: &str) -> (StatusCode, HeaderMap, String) {
		let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, encoding.parse().unwrap())]);
		let response = site.answer(&Method::GET, &path.parse().unwrap(), &headers);
		let (parts, body) = response.into_parts();
		let body = axum::body::to_bytes(body, 1_000_000).await.unwrap();
		(parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
	}

	#[tokio::test]
	async fn without_pages_the_front_says_so() {
		let (status, headers, text) = get(&site(&[]), "/", "").await;
		assert_eq!(status, StatusCode::OK);
		assert!(text.contains("scripts/setup") && headers.contains_key("content-security-policy"), "{text}");
		assert_eq!(get(&site(&[]), "/wallet/", "").await.0, StatusCode::NOT_FOUND);
	}

	#[tokio::test]
	async fn pages_are_packed_for_whom_takes_it_and_talk_to_named_nodes_only() {
		let site = site(&[
			("wallet/index.html", "plain"),
			("wallet/index.html.gz", "packed"),
			("assets/a.js", "code"),
		]);
		assert_eq!(get(&site, "/", "").await.1[header::LOCATION], "/wallet/");
		assert_eq!(get(&site, "/wallet", "").await.1[header::LOCATION], "/wallet/");
		let (_, headers, text) = get(&site, "/wallet/", "br, gzip;q=0.5").await;
		assert_eq!((text.as_str(), &headers[header::CONTENT_ENCODING]), ("packed", &"gzip".parse().unwrap()));
		let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
		assert!(policy.contains("connect-src 'self' wss://node.example;"), "{policy}");
		assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
		assert_eq!(get(&site, "/wallet/", "br").await.2, "plain");
		let code = get(&site, "/assets/a.js", "gzip").await;
		assert!(code.1[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
		assert_eq!(get(&site, "/../Cargo.toml", "").await.0, StatusCode::NOT_FOUND);
	}
}
