"""Bundles of arrays, handed from one compiled function to the next as one address.

numba hands a named tuple over by value: the sixty arrays of `Encoded` and `Routes` are some five hundred words, copied at every call,
and that was a quarter of the time of the search and a third of its compilation. Here a bundle is laid on the stack once, where Python calls a
compiled function, and whoever is called from there is told where it lies. Compiled code reads its arrays by name.
"""

from __future__ import annotations

from typing import Any, TypeVar

from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)

B = TypeVar("B")


class Bundle(types.Type):
    """The type of a bundle in compiled code; `tuple_type` is what numba takes a named tuple for."""

    def __init__(self, tuple_type: Any) -> None:
        """Name it after the tuple: two bundles of the same arrays are one type."""
        self.tuple_type = tuple_type
        super().__init__(name=f"Bundle({tuple_type.name})")


@register_model(Bundle)
class _BundleModel(models.PrimitiveModel):
    def __init__(self, manager: Any, bundle: Bundle) -> None:
        laid_out = manager.lookup(bundle.tuple_type).get_value_type()
        super().__init__(manager, bundle, laid_out.as_pointer())  # type: ignore[no-untyped-call]


@infer_getattr
class _Arrays(AttributeTemplate):
    key = Bundle

    def generic_resolve(self, bundle: Bundle, name: str) -> Any:  # type: ignore[override]  # there it says: not implemented
        fields = bundle.tuple_type.fields
        return bundle.tuple_type[fields.index(name)] if name in fields else None


@lower_getattr_generic(Bundle)
def _read(context: Any, builder: Any, bundle: Bundle, address: Any, name: str) -> Any:
    place = bundle.tuple_type.fields.index(name)
    array = builder.load(cgutils.gep_inbounds(builder, address, 0, place))
    return impl_ret_borrowed(context, builder, bundle.tuple_type[place], array)


@unbox(Bundle)
def _lay_down(bundle: Bundle, python_object: Any, c: Any) -> NativeValue:
    native = c.unbox(bundle.tuple_type, python_object)
    address = cgutils.alloca_once_value(c.builder, native.value)
    return NativeValue(address, is_error=native.is_error, cleanup=native.cleanup)


def by_reference(kind: type[B]) -> type[B]:
    """Hand named tuples of arrays of this kind to compiled code as addresses."""

    def typed(value: Any, context: Any) -> Bundle:
        arrays = tuple(typeof_impl(array, context) for array in value)
        return Bundle(types.BaseTuple.from_types(arrays, kind))

    typeof_impl.register(kind, typed)
    return kind
