namespace DtMcp.Darktrace.Errors;

/// <summary>
/// A failed question: what happened and what to do, in one sentence each, without secrets and without the appliance's own text.
/// </summary>
public sealed class ApplianceException : Exception
{
    public ApplianceException(ApplianceError error, string happened, string remedy, Exception? innerException = null)
        : base($"{happened} {remedy}", innerException)
    {
        Error = error;
        Happened = happened;
        Remedy = remedy;
    }

    /// <summary>Which of the closed set.</summary>
    public ApplianceError Error { get; }

    /// <summary>One sentence: what happened.</summary>
    public string Happened { get; }

    /// <summary>One sentence: what to do about it.</summary>
    public string Remedy { get; }

    /// <summary>Whether every other question to the endpoint would fail alike: the permission is missing, or this version does not know
    /// the endpoint.</summary>
    public bool IsOfEndpoint { get; init; }

    /// <summary>
    /// Rows read whole before the failure, for <see cref="ApplianceError.BadAnswer"/>; none of them is part of any answer.
    /// </summary>
    public long RowsRead { get; init; }

    /// <summary>The error's code on the wire, such as <c>clock_skew</c>.</summary>
    public string Code => Error switch
    {
        ApplianceError.InvalidArgument => "invalid_argument",
        ApplianceError.SignatureRejected => "signature_rejected",
        ApplianceError.ClockSkew => "clock_skew",
        ApplianceError.RequestRejected => "request_rejected",
        ApplianceError.PermissionDenied => "permission_denied",
        ApplianceError.NotAvailable => "not_available",
        ApplianceError.NotDarktrace => "not_darktrace",
        ApplianceError.ApplianceBusy => "appliance_busy",
        ApplianceError.Unreachable => "unreachable",
        ApplianceError.UntrustedCertificate => "untrusted_certificate",
        ApplianceError.BadAnswer => "bad_answer",
        ApplianceError.Timeout => "timeout",
        ApplianceError.NotAnswering => "not_answering",
        ApplianceError.Busy => "busy",
        _ => throw new InvalidOperationException($"No code for {Error}."),
    };
}
