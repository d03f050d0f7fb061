use crate::math;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::cmp::Ordering;
use frame_support::traits::ConstU32;
use hanse_primitives::{
	math::excess, Burn, Duration, Earmark, EraIndex, InstitutionId, Moment, Money, Order, Points, ProgramId,
	MAX_BURNS, MAX_LEGS, MAX_PARTS,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{
	traits::{EnsureAddAssign, EnsureSub, EnsureSubAssign},
	ArithmeticError, BoundedVec, Permill,
};

/// Slips that one call presents at most.
pub const MAX_SLIPS: u32 = 128;

/// Receipts on one page of the list of those that close.
pub const CLOSINGS_PER_PAGE: u32 = 64;

/// What the members agreed on about payments, the same for everybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PaymentRules {
	/// The part of what foreign points pay that goes to the pot.
	pub interchange: Permill,
	/// How long an authorisation can be captured.
	pub authorisation: Duration,
	/// How long before their expiry points are not exchanged.
	pub no_exchange: Duration,
	/// How long a slip is good at most when it is presented.
	pub slip_lifetime: Duration,
	/// Eras for which a receipt can be refunded.
	pub refund_window: u32,
	/// For how many eras after its own an order is taken.
	pub order_eras: u32,
}

/// What names an order at one merchant and for one payer. The era of the order is not in it, so that it is one order
/// whatever open era a retry names.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub struct ReceiptKey<AccountId> {
	/// The merchant.
	pub merchant: InstitutionId,
	/// Who pays.
	pub payer: AccountId,
	/// The commitment of the order.
	pub commitment: H256,
}

impl<AccountId> ReceiptKey<AccountId> {
	/// The key of `order`, whatever era it names.
	pub fn of(merchant: InstitutionId, payer: AccountId, order: Order) -> Self {
		Self { merchant, payer, commitment: order.commitment }
	}

	/// The order, as it was named in `era`.
	pub fn order(&self, era: EraIndex) -> Order {
		Order { era, commitment: self.commitment }
	}
}

/// Which page of the list of receipts that close.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ClosingPage {
	/// When all receipts on it close, by the clock of deadlines.
	pub closes: Moment,
	/// Its number. No other page has had it.
	pub number: u64,
}

/// The receipts on one page of that list.
pub type Closings<AccountId> = BoundedVec<ReceiptKey<AccountId>, ConstU32<CLOSINGS_PER_PAGE>>;

/// A program that a payment draws on.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Leg {
	/// The program.
	pub program: ProgramId,
	/// Smallest units of it at most.
	#[codec(compact)]
	pub max_points: Points,
}

/// What one vintage paid of a price, and what was refunded of that.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Part {
	/// What was burned, and what it paid: interchange included, but never more than was still to pay.
	pub burn: Burn,
	/// Micro-units of it that were accrued as interchange; none at home.
	#[codec(compact)]
	pub interchange: Money,
	/// Smallest units of the burn that came back: in this vintage, at equal value in another, or, by a judgement
	/// against a merchant that could not pay for that, as money that it owes.
	#[codec(compact)]
	pub returned: Points,
	/// Micro-units of the interchange that are not due, since what they were taken for came back.
	#[codec(compact)]
	pub released: Money,
	/// Micro-units that were refunded into another vintage and are not worth a smallest unit of it yet. With the
	/// next refund they are.
	#[codec(compact)]
	pub carried: Money,
	/// The capture that took it, from 0; of a payment there is only that one.
	pub capture: u8,
}

impl Part {
	/// What was burned, of which nothing was refunded yet.
	pub(crate) fn new(burn: Burn, interchange: Money, capture: u8) -> Self {
		Part { burn, interchange, returned: 0, released: 0, carried: 0, capture }
	}

	/// Interchange that is still due.
	pub fn accrued(&self) -> Result<Money, ArithmeticError> {
		self.interchange.ensure_sub(self.released)
	}

	/// What the merchant got.
	pub fn net(&self) -> Result<Money, ArithmeticError> {
		self.burn.value.ensure_sub(self.interchange)
	}
}

/// The record of one payment, or of what was captured of one authorisation so far.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Receipt {
	/// What was paid, in settlement micro-units; nothing while nothing is captured.
	#[codec(compact)]
	pub price: Money,
	/// What was refunded of it.
	#[codec(compact)]
	pub refunded: Money,
	/// The era of the order, as it was named first.
	#[codec(compact)]
	pub era: EraIndex,
	/// The era in which it was paid. It stays until orders of that era are not taken any more, since it is what
	/// refuses to be paid twice.
	#[codec(compact)]
	pub paid: EraIndex,
	/// The first moment at which it can no longer be refunded, by the rules of the day it was paid and by the clock
	/// of deadlines.
	#[codec(compact)]
	pub closes: Moment,
	/// The window of the customer's limit in which it was counted.
	#[codec(compact)]
	pub window: Moment,
	/// Whether it is kept beyond its time, since somebody has to decide about it.
	pub disputed: bool,
	/// Whether more may be captured.
	pub authorised: bool,
	/// What was burned for it. The values of one capture add up to its price: that of the last burn is what was
	/// still to pay, which may be less than its face value by less than one smallest unit.
	pub parts: BoundedVec<Part, ConstU32<MAX_PARTS>>,
}

/// What a refund takes back of one part of a receipt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct RefundPart {
	/// Smallest units.
	pub points: Points,
	/// Micro-units that they paid.
	pub value: Money,
	/// Micro-units of it that the merchant got.
	pub net: Money,
	/// Micro-units of interchange.
	pub interchange: Money,
}

/// One capture of a receipt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct OneCapture {
	/// Micro-units that it took.
	pub price: Money,
	/// Micro-units of it that are refunded.
	pub refunded: Money,
}

impl Receipt {
	/// The receipt of an order that was named in `era` first and is paid in another, of nothing yet.
	pub(crate) fn new(era: EraIndex, paid: EraIndex, closes: Moment, window: Moment) -> Self {
		Receipt {
			price: 0,
			refunded: 0,
			era,
			paid,
			closes,
			window,
			disputed: false,
			authorised: false,
			parts: Default::default(),
		}
	}

	/// What of the price was not refunded, in settlement micro-units.
	pub fn left(&self) -> Result<Money, ArithmeticError> {
		self.price.ensure_sub(self.refunded)
	}

	/// One capture, when `refunded` of the whole price is refunded: what was captured first is refunded first.
	pub(crate) fn of_capture(&self, capture: u8, refunded: Money) -> Result<OneCapture, ArithmeticError> {
		let (mut before, mut price): (Money, Money) = (0, 0);
		for part in &self.parts {
			match part.capture.cmp(&capture) {
				Ordering::Less => before.ensure_add_assign(part.burn.value)?,
				Ordering::Equal => price.ensure_add_assign(part.burn.value)?,
				Ordering::Greater => {},
			}
		}
		Ok(OneCapture { price, refunded: excess(refunded, before).min(price) })
	}

	/// What refunding up to `after` micro-units of the price takes back of `part`, beyond what was refunded.
	///
	/// What comes back to the issuer, from the merchant and of its interchange, are two shares of one value that
	/// was rounded down once: so it is neither more than the merchant refunds nor less than the points are worth
	/// that return.
	pub(crate) fn due(&self, part: &Part, after: Money) -> Result<RefundPart, ArithmeticError> {
		let OneCapture { price, refunded: before } = self.of_capture(part.capture, self.refunded)?;
		let OneCapture { refunded: after, .. } = self.of_capture(part.capture, after)?;
		let (Burn { points, value: paid, .. }, net) = (part.burn, part.net()?);
		let beyond = |of: &dyn Fn(Money) -> Money| of(after).ensure_sub(of(before));
		let value_of = |refunded| math::share(paid, refunded, price);
		let points = beyond(&|refunded| math::share(points, refunded, price))?;
		let value = beyond(&value_of)?;
		let net = beyond(&|refunded| math::share(net, value_of(refunded), paid))?;
		Ok(RefundPart { points, value, net, interchange: value.ensure_sub(net)? })
	}
}

/// What a customer allowed a merchant to take. Its order's receipt says what was taken, and remembers the window of
/// the customer's limit.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Authorisation {
	/// The most that can be captured, in settlement micro-units.
	#[codec(compact)]
	pub price: Money,
	/// What was captured of it.
	#[codec(compact)]
	pub captured: Money,
	/// In so many captures.
	pub captures: u8,
	/// The first moment at which it is over, by the clock of deadlines.
	#[codec(compact)]
	pub deadline: Moment,
	/// The part that is interchange, by the rule of the day.
	pub interchange: Permill,
	/// What was burned.
	pub burns: BoundedVec<AuthorisedBurn, ConstU32<MAX_BURNS>>,
	/// What is kept for the obligation of each issuer.
	pub earmarks: BoundedVec<IssuerEarmark, ConstU32<MAX_LEGS>>,
}

/// How much of an authorisation is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
	/// Micro-units that are captured.
	pub captured: Money,
	/// Whether that is the end, with which all of a smallest unit is taken of which a part was captured. Meanwhile it
	/// is in no receipt, so that no refund gives back more than it is of; but nothing of it is authorised any more.
	pub in_the_end: bool,
}

impl Authorisation {
	/// The burns, and the smallest units of each that are taken.
	pub(crate) fn taken(&self, taken: Taken) -> impl Iterator<Item = (&AuthorisedBurn, Points)> {
		let share = if taken.in_the_end { math::share_up } else { math::share };
		let mut left = taken.captured;
		self.burns.iter().map(move |held| {
			let Burn { points, value, .. } = held.burn;
			let within = left.min(value);
			left = excess(left, within);
			(held, share(points, within, value))
		})
	}

	/// The burns, and the smallest units of each that `after` takes beyond `before`.
	pub(crate) fn beyond(
		&self,
		before: Taken,
		after: Taken,
	) -> impl Iterator<Item = (&AuthorisedBurn, Points)> {
		let both = self.taken(after).zip(self.taken(before));
		both.map(|((held, after), (_, before))| (held, excess(after, before)))
	}

	/// The burns, and the smallest units of each that `taken` leaves.
	pub(crate) fn left(&self, taken: Taken) -> impl Iterator<Item = (&AuthorisedBurn, Points)> {
		self.taken(taken).map(|(held, taken)| (held, excess(held.burn.points, taken)))
	}
}

/// Points that are burned and may come back.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct AuthorisedBurn {
	/// What was burned, with all that it would pay: of all burns the price, and less than one smallest unit more.
	pub burn: Burn,
	/// Its face value, which is outstanding as long as it may come back, in micro-units.
	#[codec(compact)]
	pub face_value: Money,
}

impl AuthorisedBurn {
	/// The face value of `points` of it.
	pub(crate) fn face_value_of(&self, points: Points) -> Money {
		math::share(self.face_value, points, self.burn.points)
	}
}

/// What is kept for the obligation of one issuer.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct IssuerEarmark {
	/// The issuer.
	pub issuer: InstitutionId,
	/// For what it may owe the merchant.
	pub earmark: Earmark,
	/// Interchange that was accrued, in micro-units.
	#[codec(compact)]
	pub interchange: Money,
}

impl IssuerEarmark {
	/// Take `net` and `interchange` off it, for what is captured: the line first, as an obligation uses it. Returns
	/// what was kept for `net`.
	pub(crate) fn take(&mut self, net: Money, interchange: Money) -> Result<Earmark, ArithmeticError> {
		let line = self.earmark.line.min(net);
		let reserve = self.earmark.reserve.min(net.ensure_sub(line)?);
		self.earmark.line.ensure_sub_assign(line)?;
		self.earmark.reserve.ensure_sub_assign(reserve)?;
		self.interchange.ensure_sub_assign(interchange)?;
		Ok(Earmark { line, reserve })
	}
}

/// A payment that a customer signed for one merchant, which presents it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Slip<AccountId, Signature> {
	/// Who pays.
	pub payer: AccountId,
	/// For what.
	pub order: Order,
	/// Settlement micro-units.
	#[codec(compact)]
	pub price: Money,
	/// With which points.
	pub legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
	/// The first moment, by the clock on the wall, at which it is good no more.
	pub until: Moment,
	/// The payer's, over what [`Pallet::slip`](crate::Pallet::slip) answers.
	pub signature: Signature,
}

/// What a block found that cannot be, and what becomes of it. It is a fault of the chain or of its storage: whoever
/// watches a node checks it at once.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum PaymentInconsistency<AccountId> {
	/// An authorisation whose time is over cannot be ended. It runs a day longer, and is tried again.
	Authorisation { receipt: ReceiptKey<AccountId> },
	/// The interchange of a receipt that has closed cannot be collected. It closes a day later, and is tried again.
	Receipt { receipt: ReceiptKey<AccountId> },
}
