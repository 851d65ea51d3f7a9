module provisionhub.io/oracle

go 1.27
