//! Making points, and the vintages they go into.

use crate::{math, pallet::*, types::*};
use alloc::{format, string::String, vec::Vec};
use frame_support::traits::{
	fungibles::{metadata::Mutate as MetadataMutate, Create, Mutate},
	Get, Time,
};
use hanse_primitives::{
	asset_id, program_of, AssetId, Customers, DeadlineClock, InstitutionId, Liabilities, Moment, Points,
	ProgramId,
};
use sp_runtime::{
	traits::{AccountIdConversion, EnsureAdd, EnsureAddAssign},
	DispatchError, DispatchResult,
};

/// Points that are being made.
pub(crate) struct Minting<'a, T: Config> {
	/// Who gets what, and all of it.
	pub shares: Vec<PendingAward<T::AccountId>>,
	pub total: Points,
	/// The program, which may open a vintage.
	pub program: &'a mut Program,
}

/// Where points were made: their vintage, and where they wait if they are pending.
#[derive(Clone, Copy)]
pub(crate) struct MadeIn {
	pub asset: AssetId,
	pub held: Option<Held>,
}

/// Points that cannot be used yet: until when, and the number of their batch.
#[derive(Clone, Copy)]
pub(crate) struct Held {
	pub matures: Moment,
	pub batch: u64,
}

impl<T: Config> Pallet<T> {
	/// The account that owns the assets of all vintages.
	pub fn account_id() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Make points within the issuer's liability cap and above its minimum reserve: minted at once, or
	/// pending if the terms say so.
	pub(crate) fn mint(id: ProgramId, minting: Minting<T>) -> Result<MadeIn, DispatchError> {
		let Minting { shares, total, program } = minting;
		let Vintage { asset, face_value, .. } = Self::current_vintage(id, program)?;
		let issuer = program.issuer;
		// What no balance holds is over every cap.
		let value = math::value_of(total, face_value).map_err(|_| Error::<T>::OverLiabilityCap)?;
		let outstanding = Self::outstanding(issuer).checked_add(value).ok_or(Error::<T>::OverLiabilityCap)?;
		Self::ensure_issuable(issuer, outstanding)?;
		Self::book_made(issuer, value)?;

		let pending = program.terms_at(T::Time::now()).pending;
		if pending > 0 {
			let matures = T::DeadlineClock::now().saturating_add(pending);
			let batch = Self::store_pending(matures, asset, shares, total)?;
			return Ok(MadeIn { asset, held: Some(Held { matures, batch }) });
		}
		for PendingAward { to, amount, .. } in shares {
			T::Assets::mint_into(asset, &to, amount)?;
		}
		Ok(MadeIn { asset, held: None })
	}

	/// The vintage of the period that runs now; opened if these are its first points.
	pub(crate) fn current_vintage(id: ProgramId, program: &mut Program) -> Result<Vintage, DispatchError> {
		let closes = program.period_end(T::Time::now());
		if let Some(vintage) = program.vintages.iter().find(|vintage| vintage.closes == closes) {
			return Ok(*vintage);
		}
		if program.vintages.is_full() {
			return Self::prolong_newest(id, program, closes);
		}
		Self::open_vintage_of(id, program, closes)
	}

	/// When points expire that are issued now, in the period that ends at `closes`.
	fn expiry(program: &Program, closes: Moment) -> Moment {
		let now = T::Time::now();
		let rest = closes.saturating_sub(now);
		program
			.clock(T::DeadlineClock::now())
			.saturating_add(rest)
			.saturating_add(program.terms_at(now).validity)
	}

	/// Open the vintage of the period that ends at `closes`.
	fn open_vintage_of(
		id: ProgramId,
		program: &mut Program,
		closes: Moment,
	) -> Result<Vintage, DispatchError> {
		let sequence = u16::try_from(program.opened).map_err(|_| Error::<T>::MaxVintagesExceeded)?;
		let (asset, expires) = (asset_id(id, sequence), Self::expiry(program, closes));
		let Terms { face_value, period, decimals, .. } = program.terms_at(T::Time::now());
		let vintage = Vintage { asset, face_value, closes, expires };
		// Revised terms can have a shorter validity, so the place need not be the last.
		let place = program.vintages.partition_point(|other| other.expires <= vintage.expires);
		program.vintages.try_insert(place, vintage).map_err(|_| Error::<T>::MaxVintagesExceeded)?;
		program.opened = program.opened.ensure_add(1)?;

		let owner = Self::account_id();
		T::Assets::create(asset, owner.clone(), true, 1)?;
		let label = Labels::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		let when = period.label(closes, program.opened);
		let called = |text: &[u8], separator| {
			format!("{}{separator}{when}", String::from_utf8_lossy(text)).into_bytes()
		};
		let (name, symbol) = (called(&label.name, ' '), called(&label.symbol, '-'));
		T::Assets::set(asset, &owner, name, symbol, decimals)?;

		// While the clock stands nothing is on the agenda.
		if program.stopped.is_none() {
			ExpiryQueue::<T>::insert(Self::expiry_key(&vintage), ());
		}
		Programs::<T>::insert(id, &*program);
		let expires = T::DeadlineClock::wall_time(expires);
		Self::deposit_event(Event::VintageOpened { program: id, asset, face_value, expires });
		Ok(vintage)
	}

	/// Let the points of a period whose vintage has no place go into that of the period before, and all of it
	/// expire as late as they do: places are taken for longer than they should be only if the clock stood.
	fn prolong_newest(
		id: ProgramId,
		program: &mut Program,
		closes: Moment,
	) -> Result<Vintage, DispatchError> {
		let face_value = program.terms_at(T::Time::now()).face_value;
		let (clock, expires) = (program.clock(T::DeadlineClock::now()), Self::expiry(program, closes));
		let runs = program.stopped.is_none();
		let newest = program.vintages.iter_mut().max_by_key(|vintage| vintage.closes);
		let newest = newest
			.filter(|vintage| vintage.face_value == face_value && vintage.expires > clock)
			.ok_or(Error::<T>::MaxVintagesExceeded)?;
		if runs {
			ExpiryQueue::<T>::remove(Self::expiry_key(newest));
		}
		newest.closes = closes;
		let (asset, expires) = (newest.asset, newest.expires.max(expires));
		let vintage = program.prolong(asset, expires).ok_or(Error::<T>::NotFound)?;
		if runs {
			ExpiryQueue::<T>::insert(Self::expiry_key(&vintage), ());
		}
		Programs::<T>::insert(id, &*program);
		let expires = T::DeadlineClock::wall_time(expires);
		Self::deposit_event(Event::VintageProlonged { program: id, asset, expires });
		Ok(vintage)
	}

	/// Mint points of an open vintage that were spent before, or carried into it.
	pub(crate) fn mint_reinstated(
		to: &T::AccountId,
		issuer: InstitutionId,
		vintage: &Vintage,
		points: Points,
	) -> DispatchResult {
		if points == 0 {
			return Ok(());
		}
		let (asset, id) = (vintage.asset, program_of(vintage.asset));
		Self::book_made(issuer, math::value_of(points, vintage.face_value)?)?;
		FlowsOf::<T>::try_mutate(id, |flows| flows.reinstated.ensure_add_assign(points))?;
		let to = T::Customers::current_account(to);
		T::Assets::mint_into(asset, &to, points)?;
		Self::deposit_event(Event::PointsReinstated { program: id, asset, to, amount: points });
		Ok(())
	}
}
