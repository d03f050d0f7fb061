//! The node's JSON-RPC, as far as the doctor needs it.

use codec::Decode;
use serde_json::{json, Value};
use sp_core::bytes;
use sp_io::hashing::{twox_128, twox_64};
use std::time::Duration;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub struct Rpc {
	url: String,
	agent: ureq::Agent,
}

/// What the node answered instead of a result: a code of JSON-RPC, and its words.
#[derive(Debug)]
pub struct Refused {
	pub code: i64,
	pub message: String,
}

impl Rpc {
	pub fn new(url: &str) -> Self {
		let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build();
		Self { url: url.replacen("ws", "http", usize::from(url.starts_with("ws"))), agent: config.into() }
	}

	/// A request; the outer error is that of the connection.
	pub fn ask(&self, method: &str, params: Value) -> Result<Result<Value, Refused>, String> {
		let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
		let mut answer: Value = self
			.agent
			.post(&self.url)
			.send_json(request)
			.and_then(|mut response| response.body_mut().read_json())
			.map_err(|error| error.to_string())?;
		let error = answer.get("error").filter(|error| !error.is_null());
		Ok(match error {
			Some(error) => Err(Refused {
				code: error["code"].as_i64().unwrap_or_default(),
				message: error["message"].as_str().unwrap_or_default().to_owned(),
			}),
			None => Ok(answer["result"].take()),
		})
	}

	/// A result, or in words why there is none.
	pub fn get(&self, method: &str, params: Value) -> Result<Value, String> {
		self.ask(method, params)?
			.map_err(|refused| format!("{method}: {} ({})", refused.message, refused.code))
	}

	/// A storage item of the newest block, if it is there.
	pub fn storage<T: Decode>(&self, key: &[u8]) -> Result<Option<T>, String> {
		let answer = self.get("state_getStorage", json!([bytes::to_hex(key, false)]))?;
		let Some(hex) = answer.as_str() else { return Ok(None) };
		let raw = bytes::from_hex(hex).map_err(|error| error.to_string())?;
		T::decode(&mut raw.as_slice()).map(Some).map_err(|error| error.to_string())
	}
}

/// The key of an item of a pallet that is no map, and the first part of all keys of one that is.
pub fn item(pallet: &str, name: &str) -> Vec<u8> {
	[twox_128(pallet.as_bytes()), twox_128(name.as_bytes())].concat()
}

/// The key of an entry of a map whose hasher is `Twox64Concat`.
pub fn entry(pallet: &str, name: &str, key: &[u8]) -> Vec<u8> {
	[item(pallet, name).as_slice(), &twox_64(key), key].concat()
}
