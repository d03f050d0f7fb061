//! Reads as JSON in the chain's own words, see [`crate::json`]: for what callers pass on as it is.

use crate::{
	InstitutionId, hanse, json,
	reads::{ReadError, Reads},
};
use serde_json::{Value, json};
use subxt::{runtime_apis::Payload, storage::Address};

impl Reads {
	async fn described<P: Payload>(&self, payload: P) -> Result<Value, ReadError> {
		let (at, metadata) = (self.block(), self.block().metadata());
		let method = metadata
			.runtime_api_trait_by_name(payload.trait_name())
			.and_then(|of| of.method_by_name(payload.method_name()))
			.ok_or_else(|| ReadError::Content(format!("the runtime has no {}", payload.method_name())))?;
		let apis = at.runtime_apis();
		let (name, arguments) = (apis.encode_name(&payload), apis.encode_args(&payload)?);
		let bytes = apis.call_raw(&name, Some(&arguments)).await?;
		describe(&bytes, method.output_ty(), &metadata)
	}

	/// Everything about every rule.
	pub async fn rule_table_json(&self) -> Result<Value, ReadError> {
		self.described(hanse::runtime_apis().hanse_api().rule_table()).await
	}

	/// What an institution did and what follows from it; null for strangers.
	pub async fn standing_json(&self, institution: InstitutionId) -> Result<Value, ReadError> {
		self.described(hanse::runtime_apis().hanse_api().standing(institution)).await
	}

	/// Why an institution would not share in the pot if the era ended now.
	pub async fn shares_json(&self, institution: InstitutionId) -> Result<Value, ReadError> {
		self.described(hanse::runtime_apis().hanse_api().shares_this_era(institution)).await
	}

	/// The value of an entry of storage, if there is one.
	async fn stored<A: Address>(&self, address: A, key: A::KeyParts) -> Result<Option<Value>, ReadError> {
		match self.block().storage().try_fetch(address, key).await? {
			Some(value) => Ok(Some(describe(value.bytes(), value.type_id(), self.block().metadata_ref())?)),
			None => Ok(None),
		}
	}

	/// Complaints against a merchant, each with its number.
	pub async fn complaints_json(&self, merchant: InstitutionId) -> Result<Vec<(u64, Value)>, ReadError> {
		let at = hanse::storage().conduct().complaints();
		let mut entries = self.block().storage().iter(at, (merchant,)).await?;
		let mut found = Vec::new();
		while let Some(entry) = entries.next().await {
			let entry = entry?;
			let key = entry.key().map_err(unreadable)?.decode().map_err(unreadable)?;
			let value = entry.value();
			found.push((key.1, describe(value.bytes(), value.type_id(), self.block().metadata_ref())?));
		}
		found.sort_by_key(|(number, _)| *number);
		Ok(found)
	}

	/// Requests of supervisors to one institution that are open, each with its number.
	pub async fn disclosures_json(&self, institution: InstitutionId) -> Result<Vec<(u32, Value)>, ReadError> {
		let at = hanse::storage().supervision().disclosure_requests();
		let mut entries = self.block().storage().iter(at, ()).await?;
		let mut found = Vec::new();
		while let Some(entry) = entries.next().await {
			let entry = entry?;
			let key = entry.key().map_err(unreadable)?.decode().map_err(unreadable)?;
			let value = entry.value();
			let request = describe(value.bytes(), value.type_id(), self.block().metadata_ref())?;
			if request["institution"] == json!(institution) {
				found.push((key.0, request));
			}
		}
		found.sort_by_key(|(number, _)| *number);
		Ok(found)
	}

	/// Motions that are open: hash, what each would do, and the votes.
	pub async fn motions_json(&self) -> Result<Vec<([u8; 32], Value, Value)>, ReadError> {
		let hashes = self.block().storage().fetch(hanse::storage().alliance().proposals(), ()).await?;
		let mut motions = Vec::new();
		for hash in hashes.decode().map_err(unreadable)?.0 {
			let call = self.stored(hanse::storage().alliance().proposal_of(), (hash,)).await?;
			let votes = self.stored(hanse::storage().alliance().voting(), (hash,)).await?;
			motions.push((hash.0, call.unwrap_or_default(), votes.unwrap_or_default()));
		}
		Ok(motions)
	}

	/// Who makes blocks in this session.
	pub async fn authorities(&self) -> Result<Vec<crate::AccountId>, ReadError> {
		let validators = self.block().storage().fetch(hanse::storage().session().validators(), ()).await?;
		Ok(validators.decode().map_err(unreadable)?.into_iter().map(Into::into).collect())
	}
}

fn describe(bytes: &[u8], of: u32, metadata: &subxt::Metadata) -> Result<Value, ReadError> {
	json::read(&mut &*bytes, of, metadata.types()).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> ReadError {
	ReadError::Content(error.to_string())
}
