namespace DtMcp.Darktrace.Errors;

/// <summary>
/// Everything that can go wrong between a caller and an appliance. The set is closed: each member has one code on the wire.
/// </summary>
public enum ApplianceError
{
    /// <summary>An argument is unusable; nothing was sent. Code <c>invalid_argument</c>.</summary>
    InvalidArgument,

    /// <summary>400 with API SIGNATURE ERROR. Code <c>signature_rejected</c>.</summary>
    SignatureRejected,

    /// <summary>400 with API DATE ERROR: the clocks are more than 30 minutes apart. Code <c>clock_skew</c>.</summary>
    ClockSkew,

    /// <summary>Any other 400, or 422. Code <c>request_rejected</c>.</summary>
    RequestRejected,

    /// <summary>302 to /403, 401, 403, or the log-in page of an appliance. Code <c>permission_denied</c>.</summary>
    PermissionDenied,

    /// <summary>302 to /login, or 404: this version does not know the endpoint or the item. Code <c>not_available</c>.</summary>
    NotAvailable,

    /// <summary>200 with something that no appliance sends. Code <c>not_darktrace</c>.</summary>
    NotDarktrace,

    /// <summary>429, 500, 502, 503 or 504 after all retries. Code <c>appliance_busy</c>.</summary>
    ApplianceBusy,

    /// <summary>Refused connection, unknown name, broken transport. Code <c>unreachable</c>.</summary>
    Unreachable,

    /// <summary>The appliance's certificate is not trusted. Code <c>untrusted_certificate</c>.</summary>
    UntrustedCertificate,

    /// <summary>The body was cut off or is not valid JSON. Code <c>bad_answer</c>.</summary>
    BadAnswer,

    /// <summary>No whole answer in time. Code <c>timeout</c>.</summary>
    Timeout,

    /// <summary>It failed so often that it is left alone for a moment; nothing was sent. Code <c>not_answering</c>.</summary>
    NotAnswering,

    /// <summary>This program answers too much at once; nothing is wrong with the appliance. Code <c>busy</c>.</summary>
    Busy,
}
