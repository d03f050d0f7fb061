//! What is posted: an Idempotency-Key, and a body that is read strictly.

use super::{
	App,
	access::By,
	idempotency::{self, Seen},
	json::{At, FromJson},
	problem::Refusal,
};
use axum::{
	body::Bytes,
	extract::{FromRequest, FromRequestParts, Request},
	http::{HeaderMap, StatusCode, header},
};
use hanse_chain::InstitutionId;

/// How bodies come.
pub trait Content: Sized {
	/// Reads a body of this media type.
	fn read(media: &str, bytes: &Bytes) -> Result<Self, Refusal>;
}

impl<T: FromJson> Content for T {
	fn read(media: &str, bytes: &Bytes) -> Result<Self, Refusal> {
		expect_media(media, &["application/json"])?;
		let value = parse(bytes)?;
		let mut faults = Vec::new();
		match T::from_json(&value, At::ROOT, &mut faults) {
			Some(body) if faults.is_empty() => Ok(body),
			_ => Err(Refusal::invalid(faults)),
		}
	}
}

/// No body at all.
pub struct Nothing;

impl Content for Nothing {
	fn read(_: &str, bytes: &Bytes) -> Result<Self, Refusal> {
		match bytes.is_empty() {
			true => Ok(Self),
			false => Err(Refusal::malformed("This request has no body. Leave it away.")),
		}
	}
}

/// JSON without an opinion on what it says.
pub fn parse(bytes: &[u8]) -> Result<serde_json::Value, Refusal> {
	serde_json::from_slice(bytes)
		.map_err(|error| Refusal::malformed(format!("The body is no JSON: {error}.")))
}

/// Refuses every other kind of body.
pub fn expect_media(media: &str, expected: &[&str]) -> Result<(), Refusal> {
	if expected.contains(&media) {
		return Ok(());
	}
	Err(Refusal::new(
		StatusCode::UNSUPPORTED_MEDIA_TYPE,
		"unsupported-media-type",
		"Another kind of body",
		format!("Send the body with the header Content-Type: {}.", expected.join(" or ")),
	))
}

/// The media type of a body, without its parameters.
fn media(headers: &HeaderMap) -> String {
	let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
	value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
	Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
		StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(
			StatusCode::PAYLOAD_TOO_LARGE,
			"too-large",
			"The body is too large",
			"A body has at most 4 MiB, and a list at most 5,000 lines. Send it in parts.",
		),
		_ => Refusal::malformed("The body did not arrive whole. Repeat the request."),
	})
}

/// A body that is read strictly, of a request that is no POST.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: Content> FromRequest<S> for Body<T> {
	type Rejection = Refusal;

	async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
		let media = media(request.headers());
		Ok(Self(T::read(&media, &bytes(request, state).await?)?))
	}
}

/// What a POST brings.
pub struct Posted<T> {
	pub body: T,
	/// The Idempotency-Key.
	pub key: String,
	/// Whether the same was posted before.
	pub again: bool,
}

impl<T: Content + Send> FromRequest<App> for Posted<T> {
	type Rejection = Refusal;

	async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
		let (mut parts, body) = request.into_parts();
		let By(caller) = By::<{ super::access::ANY_ROLE }>::from_request_parts(&mut parts, app).await?;
		let key = idempotency::key(&parts.headers)?;
		let media = media(&parts.headers);
		let target = parts.uri.path_and_query().map(|target| target.as_str().to_owned()).unwrap_or_default();
		let method = parts.method.clone();
		let bytes = bytes(Request::from_parts(parts, body), app).await?;
		let body = T::read(&media, &bytes)?;
		let fingerprint = idempotency::fingerprint(method.as_str(), &target, &bytes);
		let again = note(app, caller.institution, &key, fingerprint).await?;
		Ok(Self { body, key, again })
	}
}

async fn note(app: &App, institution: InstitutionId, key: &str, print: [u8; 32]) -> Result<bool, Refusal> {
	match app.idempotency.note(institution, key, print).await? {
		Seen::First => Ok(false),
		Seen::Again => Ok(true),
		Seen::Otherwise => Err(Refusal::conflict(
			"idempotency-key-reused",
			"This Idempotency-Key was used with another request. Make up a new one for each request, and keep it only for its repetitions.",
		)),
	}
}
