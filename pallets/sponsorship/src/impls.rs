//! Who pays, and what is counted.

use crate::{pallet::*, types::*};
use codec::Encode;
use frame_support::{
	dispatch::{DispatchInfo, GetDispatchInfo, Pays},
	traits::{DefensiveSaturating, Get, Time},
	weights::Weight,
};
use hanse_primitives::{day_of, Balance, InstitutionId, Members, Quotas};
use pallet_transaction_payment::{Multiplier, OnChargeTransaction};
use sp_runtime::{
	traits::{One, SaturatedConversion},
	transaction_validity::TransactionValidityError,
	FixedPointNumber,
};

pub(crate) type CallOf<T> = <T as frame_system::Config>::RuntimeCall;
type Payment<T> = pallet_transaction_payment::Pallet<T>;

/// Bytes of a signed transaction beside its call, at most: signature, address, era, nonce, tip and the like.
const ENVELOPE: usize = 150;

impl<T: Config> Pallet<T> {
	/// Who pays how much for `call` signed by `who`, of `len` bytes in all, and where that stands. Changes
	/// nothing. Fails for what is not taken, whoever pays.
	pub fn charge(
		who: &T::AccountId,
		call: &CallOf<T>,
		info: &DispatchInfo,
		len: usize,
	) -> Result<FeeCharge<T::AccountId>, TransactionValidityError> {
		let plain = Self::fee(info, len, info.total_weight(), info.pays_fee, Multiplier::one());
		let payer = Self::decide(who, call, info, plain);
		let lane = Self::lane(who, call, info.class, &payer)?;
		Self::ensure_fits(lane, info, len)?;
		let fee = Self::fee(info, len, info.total_weight(), info.pays_fee, Self::multiplier(lane));
		Ok(FeeCharge { who: who.clone(), payer, lane, fee })
	}

	/// By what the fee of a transaction is multiplied: full blocks are dear for those alone who fill them.
	pub(crate) fn multiplier(lane: Lane) -> Multiplier {
		match lane {
			Lane::Open => Payment::<T>::next_fee_multiplier(),
			Lane::Members | Lane::Customers | Lane::Governance => Multiplier::one(),
		}
	}

	/// The fee of `len` bytes and `weight`, without a tip: what `pallet-transaction-payment` computes, but at
	/// this multiplier. As there, what would be more than a balance is the largest one, which nobody has.
	pub(crate) fn fee(
		info: &DispatchInfo,
		len: usize,
		weight: Weight,
		pays: Pays,
		multiplier: Multiplier,
	) -> Balance {
		if pays == Pays::No {
			return 0;
		}
		let base = Payment::<T>::weight_to_fee(T::BlockWeights::get().get(info.class).base_extrinsic);
		let length = Payment::<T>::length_to_fee(u32::try_from(len).unwrap_or(u32::MAX));
		let weight: Balance = Payment::<T>::weight_to_fee(weight).saturated_into();
		multiplier
			.saturating_mul_int(weight)
			.saturating_add(base.saturated_into())
			.saturating_add(length.saturated_into())
	}

	/// Who pays `fee` micro-units for `call` signed by `who`. Changes nothing.
	fn decide(
		who: &T::AccountId,
		call: &CallOf<T>,
		info: &DispatchInfo,
		fee: Balance,
	) -> Payer<T::AccountId> {
		if fee == 0 {
			Payer::Signer(Unsponsored::NotSponsored)
		} else if T::Offers::is_free(who, call) {
			Payer::Nobody
		} else {
			Self::sponsorship(who, call, info, fee).map_or_else(Payer::Signer, Payer::Sponsor)
		}
	}

	fn sponsorship(
		who: &T::AccountId,
		call: &CallOf<T>,
		info: &DispatchInfo,
		fee: Balance,
	) -> Result<AcceptedOffer<T::AccountId>, Unsponsored> {
		let Offer { sponsor, person, calls, value } = T::Offers::offer(who, call)?;
		// Institutions are no customers, neither by their own key nor by a delegate's.
		if [who, &person].into_iter().any(|account| T::Members::id_of(account).is_some()) {
			return Err(Unsponsored::IsInstitution);
		}
		let voucher = T::Quotas::registrar(&person);
		let whose = match voucher {
			None if value < T::MinValue::get() => return Err(Unsponsored::ValueTooSmall),
			None => SponsoredFor::Stranger,
			Some(_) if T::Quotas::has_quota(&person, calls) != Some(true) => {
				return Err(Unsponsored::QuotaUsed)
			},
			Some(voucher) if voucher == sponsor => SponsoredFor::Own,
			Some(voucher) => SponsoredFor::Of(voucher),
		};
		let pays = |sponsor, whose| {
			let account = Self::ensure_sponsors(sponsor, fee, whose)?;
			let short = |_| Unsponsored::SponsorShort(sponsor);
			T::Fees::can_withdraw_fee(&account, call, info, fee, 0).map_err(short)?;
			Ok(AcceptedOffer { sponsor, account, person: person.clone(), calls, whose })
		};
		pays(sponsor, whose).or_else(|why| match why {
			// Beyond its share, whoever vouches pays.
			Unsponsored::VoucherShareUsed { voucher, .. } => {
				pays(voucher, SponsoredFor::Own).map_err(|_: Unsponsored| why)
			},
			_ => Err(why),
		})
	}

	/// The account from which `sponsor` pays, as far as its budget goes.
	fn ensure_sponsors(
		sponsor: InstitutionId,
		fee: Balance,
		whose: SponsoredFor,
	) -> Result<T::AccountId, Unsponsored> {
		let seats = if let SponsoredFor::Of(_) = whose { T::MemberCalls::member_count() } else { 1 };
		let used_up = |part| match (part, whose) {
			(ExhaustedPart::BlockShare, SponsoredFor::Of(voucher)) => {
				Unsponsored::VoucherShareUsed { sponsor, voucher }
			},
			(ExhaustedPart::BlockShare, SponsoredFor::Stranger) => Unsponsored::StrangersShareUsed(sponsor),
			_ => Unsponsored::BudgetUsed(sponsor),
		};
		Self::spent_today(sponsor).ensure_leaves(fee, T::Budget::get(), whose, seats).map_err(used_up)?;
		T::Members::account(sponsor).map_err(|_| Unsponsored::SponsorShort(sponsor))
	}

	/// What becomes of the fee of `call`, if `who` signs it now and tips nothing.
	pub(crate) fn read_who_pays(who: &T::AccountId, call: &CallOf<T>) -> WhoPays {
		let mut info = call.get_dispatch_info();
		info.extension_weight = T::ExtensionWeight::get();
		let len = call.encoded_size().saturating_add(ENVELOPE);
		let Ok(FeeCharge { payer, fee, .. }) = Self::charge(who, call, &info, len) else {
			return WhoPays { payer: None, fee: 0, unsponsored: Some(Unsponsored::NotTaken) };
		};
		let (payer, unsponsored) = match payer {
			Payer::Nobody => (Some(PaidBy::Nobody), None),
			Payer::Sponsor(taken) => (Some(PaidBy::Institution(taken.sponsor)), None),
			Payer::Signer(why) => {
				let can = T::Fees::can_withdraw_fee(who, call, &info, fee, 0).is_ok();
				(can.then_some(PaidBy::Signer), Some(why))
			},
		};
		WhoPays { payer, fee, unsponsored }
	}

	/// What an institution has sponsored today.
	pub fn spent_today(sponsor: InstitutionId) -> DailySpending {
		let day = day_of(T::Time::now());
		let spent = Budgets::<T>::get(sponsor);
		if spent.day == day {
			spent
		} else {
			DailySpending { day, ..Default::default() }
		}
	}

	/// Count a sponsored transaction against the sponsor's budget and the person's quota. There is room for it: that
	/// was checked before anything was withdrawn.
	pub(crate) fn count(taken: &AcceptedOffer<T::AccountId>, fee: Balance) {
		if taken.whose != SponsoredFor::Stranger {
			T::Quotas::use_quota(&taken.person, taken.calls);
		}
		Self::book(taken, |spent| spent.defensive_saturating_add(fee));
	}

	/// Give the budget back what was counted and not due.
	pub(crate) fn uncount(taken: &AcceptedOffer<T::AccountId>, refund: Balance) {
		Self::book(taken, |spent| spent.defensive_saturating_sub(refund));
	}

	fn book(taken: &AcceptedOffer<T::AccountId>, change: impl Fn(Balance) -> Balance) {
		let mut spent = Self::spent_today(taken.sponsor);
		spent.change(taken.whose, change);
		Budgets::<T>::insert(taken.sponsor, spent);
	}
}
