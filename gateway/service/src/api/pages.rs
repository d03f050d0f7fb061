//! Long lists by pages: a cursor says where the next one begins.

use super::problem::Refusal;
use axum::{
	extract::{FromRequestParts, Query},
	http::request::Parts,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

const DEFAULT: u32 = 100;
const MOST: u32 = 500;

/// Which part of a list is asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
	/// How many at most, 100 unless it is said.
	#[param(minimum = 1, maximum = 500, example = 100)]
	limit: Option<u32>,
	/// `next` of the page before.
	after: Option<String>,
}

impl PageQuery {
	/// The same of a query that asks for more.
	pub fn new(limit: Option<u32>, after: Option<String>) -> Self {
		Self { limit, after }
	}

	pub fn limit(&self) -> Result<u32, Refusal> {
		match self.limit.unwrap_or(DEFAULT) {
			limit @ 1..=MOST => Ok(limit),
			_ => Err(Refusal::fault("limit", format!("is to be a whole number from 1 to {MOST}."))),
		}
	}

	/// The place after which the page begins.
	pub fn after(&self) -> Result<Option<String>, Refusal> {
		let Some(cursor) = &self.after else { return Ok(None) };
		let place = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
		match place.filter(|place| !place.contains('\0')) {
			Some(place) => Ok(Some(place)),
			None => Err(Refusal::fault("after", "is to be `next` of the page before, as it was.")),
		}
	}
}

/// A part of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
	pub items: Vec<T>,
	/// `after` of the next page; nothing if this is the last.
	pub next: Option<String>,
}

impl<T> Page<T> {
	/// Of `items` that were asked for with one more than the limit: whether there are more is known then.
	pub fn of(mut items: Vec<T>, limit: u32, place: impl Fn(&T) -> String) -> Self {
		let limit = limit as usize;
		let more = items.len() > limit;
		items.truncate(limit);
		let next = items.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(place(last)));
		Self { items, next }
	}

	/// A list that is always whole.
	pub fn whole(items: Vec<T>) -> Self {
		Self { items, next: None }
	}
}

/// Whether a part of an address has what PostgreSQL takes in no text.
fn has_nul(part: &str) -> bool {
	part.contains("%00")
}

/// Parameters of the query, whose faults are problems.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
	type Rejection = Refusal;

	async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
		if has_nul(parts.uri.query().unwrap_or_default()) {
			return Err(Refusal::malformed("The query has a character that no text has: %00."));
		}
		match Query::<T>::from_request_parts(parts, state).await {
			Ok(Query(asked)) => Ok(Self(asked)),
			Err(rejection) => Err(Refusal::malformed(format!("The query: {}.", rejection.body_text()))),
		}
	}
}

/// Parts of the path, whose faults are problems.
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
	type Rejection = Refusal;

	async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
		if has_nul(parts.uri.path()) {
			return Err(Refusal::not_found(
				"The path names nothing: it has a character that no name has, %00.",
			));
		}
		match axum::extract::Path::<T>::from_request_parts(parts, state).await {
			Ok(axum::extract::Path(named)) => Ok(Self(named)),
			Err(rejection) => {
				Err(Refusal::not_found(format!("The path names nothing: {}.", rejection.body_text())))
			},
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_page_says_where_the_next_begins() {
		let page = Page::of(vec![1, 2, 3], 2, |n| n.to_string());
		assert_eq!(page.items, [1, 2]);
		let query = PageQuery { limit: None, after: page.next };
		assert_eq!(query.after().unwrap().as_deref(), Some("2"));
		assert_eq!(Page::of(vec![1, 2], 2, |n| n.to_string()).next, None);
	}

	#[test]
	fn a_limit_has_limits() {
		for limit in [0, 501] {
			assert!(PageQuery { limit: Some(limit), after: None }.limit().is_err());
		}
	}
}
