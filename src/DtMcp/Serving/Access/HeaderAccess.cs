using DtMcp.Configuration;

namespace DtMcp.Serving.Access;

/// <summary>Those whom a gateway names. Its header is believed from its own addresses only; whoever comes past it is refused.</summary>
internal sealed class HeaderAccess(string header, AddressList gateways, Func<Grants>? grants) : IAccess
{
    public ValueTask<Admission> AdmitAsync(HttpContext context) => ValueTask.FromResult(Judge(context));

    private Admission Judge(HttpContext context)
    {
        if (!gateways.Has(PeerAddress.Of(context)))
        {
            return Admission.Forbidden(null, "This server answers to its gateway only.");
        }

        // A gateway that adds to what a client sent, instead of replacing it, would let clients name themselves.
        return context.Request.Headers[header] is [{ } name] && Admission.IsName(name.Trim()) && !name.Contains(',')
            ? Admission.Of(name.Trim(), "header", grants?.Invoke(), [])
            : Admission.Forbidden(null, $"The gateway must name one user in {header}.");
    }
}
