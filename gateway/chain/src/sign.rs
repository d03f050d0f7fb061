//! Calls as bytes, and transactions signed without asking anybody.

use crate::{AccountId, Config, Head, NodeError, node::AtBlock};
use codec::Encode;
use subxt::{
	config::{DefaultExtrinsicParamsBuilder, substrate::MultiAddress},
	dynamic::Value,
	ext::scale_encode::{EncodeAsFields, Error as EncodeError, FieldIter, TypeResolver},
	tx::Payload,
	utils::{AccountId32, H256, MultiSignature, Static},
};
use subxt_signer::sr25519::Keypair;

/// For how many blocks a transaction can be in one: from its birth to before its death.
pub const MORTALITY: u64 = 64;

/// Call data that is put into another call as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallData(pub Vec<u8>);

impl Encode for CallData {
	fn size_hint(&self) -> usize {
		self.0.len()
	}

	fn encode_to<T: codec::Output + ?Sized>(&self, to: &mut T) {
		to.write(&self.0);
	}
}

/// A transaction, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
	/// As it is sent: with its length in front.
	pub bytes: Vec<u8>,
	/// What names it everywhere.
	pub hash: [u8; 32],
	pub nonce: u64,
	/// The block from which on it lives.
	pub birth: u64,
	/// The first block in which it can be no more.
	pub death: u64,
	/// The runtime for which it was signed, if that is known: no other one takes it.
	pub spec_version: Option<u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum CallError {
	/// The runtime has another shape of this call than the one that this gateway was built for.
	#[error(
		"The chain's runtime has been upgraded, and {0} looks otherwise now. Install a gateway that knows this runtime, and repeat"
	)]
	OtherShape(String),
	#[error("{0} cannot be written as a call: {1}")]
	NotEncodable(String, String),
}

/// A call as the runtime of `at` takes it. Refused if the runtime has another shape of it.
pub fn call_data<Call: Payload>(at: &AtBlock, call: &Call) -> Result<CallData, CallError> {
	let name = || format!("{}.{}", call.pallet_name(), call.call_name());
	at.tx().validate(call).map_err(|_| CallError::OtherShape(name()))?;
	let bytes =
		at.tx().call_data(call).map_err(|error| CallError::NotEncodable(name(), error.to_string()))?;
	Ok(CallData(bytes))
}

/// `call` made for `real` by whom it made its delegate of `proxy_type`, which is a variant of the chain's `ProxyType`.
pub fn by_delegate(
	at: &AtBlock,
	real: AccountId,
	proxy_type: &str,
	call: CallData,
) -> Result<CallData, CallError> {
	let real = MultiAddress::<AccountId32, ()>::Id(real.into());
	let kind = Value::unnamed_variant("Some", [Value::unnamed_variant(proxy_type, [])]);
	call_data(at, &subxt::tx::dynamic("Proxy", "proxy", (real, kind, Static(call))))
}

/// All of `calls`, one after the other; those that fail keep none of the others from being made.
pub fn together(at: &AtBlock, calls: Vec<CallData>) -> Result<CallData, CallError> {
	batch(at, "force_batch", calls)
}

/// All of `calls`, one after the other, or none of them.
pub fn all_or_none(at: &AtBlock, calls: Vec<CallData>) -> Result<CallData, CallError> {
	batch(at, "batch_all", calls)
}

/// By its name alone: its shape is that of all calls of the runtime, of which others may have changed.
fn batch(at: &AtBlock, name: &str, calls: Vec<CallData>) -> Result<CallData, CallError> {
	let calls: Vec<_> = calls.into_iter().map(Static).collect();
	call_data(at, &subxt::tx::dynamic("Utility", name, (calls,)))
}

/// Signs `call` for the runtime of `at`: with `nonce`, and good for [`MORTALITY`] blocks from `birth`, a final block.
pub fn sign(
	at: &AtBlock,
	call: &CallData,
	signer: &Keypair,
	nonce: u64,
	birth: Head,
) -> Result<Signed, NodeError> {
	let params = DefaultExtrinsicParamsBuilder::<Config>::new()
		.nonce(nonce)
		.mortal_from_unchecked(MORTALITY, birth.number, H256(birth.hash))
		.build();
	let payload = Written::new(at, &call.0)?;
	let mut unsigned = at.tx().create_signable_offline(&payload, params)?;
	let signature = MultiSignature::Sr25519(signer.sign(&unsigned.signer_payload()?).0);
	let account = AccountId32(signer.public_key().0);
	let transaction = unsigned.sign_with_account_and_signature(&account, &signature)?;
	let hash = transaction.hash().0;
	let death = birth.number.saturating_add(MORTALITY);
	Ok(Signed {
		bytes: transaction.into_encoded(),
		hash,
		nonce,
		birth: birth.number,
		death,
		spec_version: Some(at.spec_version()),
	})
}

/// A call that is written already.
struct Written<'a> {
	pallet: String,
	call: String,
	fields: Fields<'a>,
}

/// Its parameters, encoded.
struct Fields<'a>(&'a [u8]);

impl<'a> Written<'a> {
	fn new(at: &AtBlock, bytes: &'a [u8]) -> Result<Self, NodeError> {
		let unknown = || NodeError::Strange("a call that its runtime does not have".into());
		let [pallet, call, fields @ ..] = bytes else { return Err(unknown()) };
		let pallet = at.metadata_ref().pallet_by_call_index(*pallet).ok_or_else(unknown)?;
		let call = pallet.call_variant_by_index(*call).ok_or_else(unknown)?;
		Ok(Self { pallet: pallet.name().to_owned(), call: call.name.clone(), fields: Fields(fields) })
	}
}

impl<'a> Payload for Written<'a> {
	type CallData = Fields<'a>;

	fn pallet_name(&self) -> &str {
		&self.pallet
	}

	fn call_name(&self) -> &str {
		&self.call
	}

	fn call_data(&self) -> &Fields<'a> {
		&self.fields
	}
}

impl EncodeAsFields for Fields<'_> {
	fn encode_as_fields_to<R: TypeResolver>(
		&self,
		_: &mut dyn FieldIter<'_, R::TypeId>,
		_: &R,
		out: &mut Vec<u8>,
	) -> Result<(), EncodeError> {
		out.extend_from_slice(self.0);
		Ok(())
	}
}
