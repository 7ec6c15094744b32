//! How large an answer may become, while it is being written.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::ServerError;

/// What is left of the bytes an answer may have. Whatever would go beyond fails where it stands, and the whole answer with it.
#[derive(Debug)]
pub(crate) struct ByteBudget {
    left: AtomicUsize,
}

/// Nothing is left, and more was wanted.
const OVER: usize = usize::MAX;

impl ByteBudget {
    /// A budget of so many bytes.
    pub(crate) const fn of(bytes: usize) -> Self {
        Self { left: AtomicUsize::new(if bytes == OVER { OVER - 1 } else { bytes }) }
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        match self.left.load(Ordering::Relaxed) {
            OVER => 0,
            left => left,
        }
    }

    /// Takes the bytes of what has been written.
    pub(crate) fn take(&self, bytes: usize) -> Result<(), ServerError> {
        let left = self.left();
        if bytes > left {
            return Err(self.overrun());
        }
        // A request is one task: nobody else takes of it meanwhile.
        self.left.store(left - bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Notes that there was not enough.
    pub(crate) fn overrun(&self) -> ServerError {
        self.left.store(OVER, Ordering::Relaxed);
        ServerError::new("the answer is too large", None)
    }

    /// Whether there was not enough.
    pub(crate) fn is_over(&self) -> bool {
        self.left.load(Ordering::Relaxed) == OVER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_remembered() {
        let budget = ByteBudget::of(10);
        assert!(budget.take(6).is_ok() && budget.take(4).is_ok());
        assert_eq!((budget.left(), budget.is_over()), (0, false));
        assert!(budget.take(1).is_err());
        assert!(budget.is_over() && budget.take(1).is_err() && budget.left() == 0);
    }
}
