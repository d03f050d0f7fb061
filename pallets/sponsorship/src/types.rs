use codec::{Decode, Encode, MaxEncodedLen};
use hanse_primitives::{Balance, InstitutionId};
use scale_info::TypeInfo;

/// By whom the fee of a call could be paid. Law: asking changes nothing, and an offer is made only to a
/// signer that holds what the call moves.
pub trait Offers<AccountId, Call> {
	/// The offer for `call` signed by `who`, if somebody makes one.
	fn offer(who: &AccountId, call: &Call) -> Option<Offer<AccountId>>;

	/// Whether nobody pays for `call` signed by `who`.
	fn is_free(who: &AccountId, call: &Call) -> bool;
}

/// Who would pay the fee of a call, and what that depends on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Offer<AccountId> {
	/// The institution that would pay.
	pub sponsor: InstitutionId,
	/// The account whose person's quota the calls are counted against.
	pub person: AccountId,
	/// How many calls there are: more than one in a batch.
	pub calls: u32,
	/// What the call that moves least moves, in settlement micro-units.
	pub value: Balance,
}

/// Who pays the fee of a transaction.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Payer<AccountId> {
	/// Whoever signed it.
	#[default]
	Signer,
	/// Nobody: it is free.
	Nobody,
	/// An institution.
	Sponsor(Sponsorship<AccountId>),
}

/// An offer that is taken up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sponsorship<AccountId> {
	/// The institution that pays.
	pub sponsor: InstitutionId,
	/// The account that it pays from.
	pub account: AccountId,
	/// The account whose person's quota is used; `None` for a stranger, who has no quota but a share of the
	/// strangers' tenth.
	pub person: Option<AccountId>,
	/// How many calls are counted against the quota.
	pub calls: u32,
}

/// What an institution sponsored on one day, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Spent {
	/// The day, counted from the Unix epoch.
	#[codec(compact)]
	pub day: u32,
	/// For everybody.
	#[codec(compact)]
	pub all: Balance,
	/// Of that, for strangers.
	#[codec(compact)]
	pub strangers: Balance,
}

impl Spent {
	/// Whether `fee` more stays within `budget`, and for a stranger within the tenth of it.
	pub fn leaves(&self, fee: Balance, budget: Balance, stranger: bool) -> bool {
		let within = |spent: Balance, most| spent.checked_add(fee).is_some_and(|sum| sum <= most);
		within(self.all, budget) && (!stranger || within(self.strangers, budget / 10))
	}
}

/// What was withdrawn before a transaction ran.
pub struct Withdrawn<AccountId, Credit> {
	/// Who paid the fee.
	pub(crate) payer: Payer<AccountId>,
	/// The fee as declared, in settlement micro-units.
	pub(crate) fee: Balance,
	/// What is held of the sponsor's payment.
	pub(crate) of_sponsor: Credit,
	/// What is held of the signer's payment: fee and tip, or the tip alone.
	pub(crate) of_signer: Credit,
}

// Derived, it would want accounts to have a default.
impl<AccountId, Credit: Default> Default for Withdrawn<AccountId, Credit> {
	fn default() -> Self {
		Self { payer: Payer::Signer, fee: 0, of_sponsor: Credit::default(), of_signer: Credit::default() }
	}
}
