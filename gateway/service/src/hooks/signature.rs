//! How a receiver knows that a message is ours: HMAC-SHA-256 over its id, time and body.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a secret begins with, by the standard.
const PREFIX: &str = "whsec_";

/// A new secret: 256 random bits.
pub fn new_secret() -> Result<String, getrandom::Error> {
	let mut bytes = [0; 32];
	getrandom::fill(&mut bytes)?;
	Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The value of `webhook-signature`: one signature for each secret that holds, oldest last.
pub fn sign<'a>(
	secrets: impl IntoIterator<Item = &'a str>,
	id: &str,
	timestamp: i64,
	body: &str,
) -> Option<String> {
	let signatures: Option<Vec<String>> =
		secrets.into_iter().map(|secret| one(secret, id, timestamp, body)).collect();
	signatures.map(|all| all.join(" "))
}

fn one(secret: &str, id: &str, timestamp: i64, body: &str) -> Option<String> {
	let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
	let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
	mac.update(format!("{id}.{timestamp}.").as_bytes());
	mac.update(body.as_bytes());
	Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
	use super::*;

	/// The example of the standard's own libraries.
	const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	#[test]
	fn the_signature_is_that_of_the_standard() {
		let signed = sign([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
		assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
	}

	#[test]
	fn while_a_secret_is_rotated_both_sign() {
		let new = new_secret().unwrap();
		let signed = sign([new.as_str(), SECRET], "msg_1", 1, "{}").unwrap();
		let parts: Vec<_> = signed.split(' ').collect();
		assert_eq!(parts.len(), 2);
		assert_eq!(Some(parts[1].to_owned()), sign([SECRET], "msg_1", 1, "{}"));
	}
}
